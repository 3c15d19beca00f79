//! Emails made from saved templates (checklist E1, E3, E5). Whose templates count is in `template_users`.

use hub_fixture::{Caller, Hub};
use serde_json::{Value, json};

use crate::anywhere::acme;
use crate::problem::{problem, state};
use crate::requests::{direct, integration, with, without};
use crate::setup::template;

pub(crate) const CUSTOMER: &str = "customer@example.com";

/// What an email was made into, and what its engagement says.
pub(crate) async fn sent(hub: &Hub, caller: &Caller, body: Value) -> (Value, Value) {
    let id = hub.started(caller, body).await;
    let report = hub.sent_report(caller, &id).await;
    (hub.message(&id).await, report)
}

/// The same for a request of `/integration/start` on the caller's domain, without an instruction.
pub(crate) async fn mail(hub: &Hub, acme: &Caller, changes: Value) -> Value {
    sent(hub, acme, with(without(integration(acme, "email", CUSTOMER), "instruction"), changes)).await.0
}

pub(crate) fn html(mail: &Value) -> &str {
    mail["html"].as_str().expect("html")
}

pub(crate) fn details(report: &Value) -> Vec<&str> {
    let history = report["history"].as_array().expect("a history");
    history.iter().filter_map(|entry| entry["detail"].as_str()).collect()
}

// E1, E3
#[tokio::test(flavor = "multi_thread")]
async fn a_template_is_found_by_its_id_and_by_its_name_in_any_case() {
    let (hub, acme) = acme().await;
    let made = template(&hub, &acme, json!({})).await;
    for reference in [
        json!({"email_template_id": made["id"]}),
        json!({"email_template_id": made["id"].as_str().map(str::to_uppercase)}),
        json!({"email_template_name": "Policy renewal"}),
        json!({"email_template_name": " POLICY  Renewal "}),
        json!({"context": {"email_template_name": "policy renewal"}}),
    ] {
        let params = json!({"client_name": "Alex", "email_template_params": {"policy_number": "POL-7"}});
        let fields = with(params, reference);
        let mut mails = vec![mail(&hub, &acme, fields.clone()).await];
        let answer =
            hub.post(&acme, "/start", with(without(direct(&acme, "email", CUSTOMER), "instruction"), fields)).await;
        assert_eq!(answer.expect(200)["status"], "call_initiated");
        mails.push(hub.messages_of(&acme).await.remove(0));
        for mail in mails {
            assert_eq!(mail["subject"], "Your policy renewal");
            assert!(html(&mail).contains("<p>Dear Alex,</p><p>Policy POL-7 renews soon.</p>"), "{mail}");
        }
    }
    assert_eq!(hub.messages_of(&acme).await.len(), 10);
}

// C2, E3
#[tokio::test(flavor = "multi_thread")]
async fn a_template_may_be_named_under_body_too() {
    let (hub, acme) = acme().await;
    let made = template(&hub, &acme, json!({})).await;
    let body = json!({"channel": "email", "domain_name": acme.domain_name, "email_address": CUSTOMER,
        "body": {"email_template_id": made["id"], "template_params": {"policy_number": "POL-7"}}});
    hub.post(&acme, "/start", body).await.expect(200);
    assert!(html(&hub.messages_of(&acme).await[0]).contains("Policy POL-7 renews soon."));
}

// E1
#[tokio::test(flavor = "multi_thread")]
async fn the_id_counts_where_a_name_is_given_too() {
    let (hub, acme) = acme().await;
    let by_id = template(&hub, &acme, json!({"name": "One", "bodyHtml": "<p>By id</p>"})).await;
    template(&hub, &acme, json!({"name": "Two", "bodyHtml": "<p>By name</p>"})).await;
    let mail = mail(&hub, &acme, json!({"email_template_id": by_id["id"], "email_template_name": "Two"})).await;
    assert!(html(&mail).contains("<p>By id</p>") && !html(&mail).contains("By name"), "{mail}");
}

// E5
#[tokio::test(flavor = "multi_thread")]
async fn the_templates_subject_counts_where_the_request_gives_none() {
    let (hub, acme) = acme().await;
    let fields =
        json!({"subjectTemplate": "Policy {{NUMBER}} of {{CUSTOMER_NAME}}", "bodyHtml": "<p>[{{SUBJECT}}]</p>"});
    let made = template(&hub, &acme, fields).await;
    let base = json!({"email_template_id": made["id"], "client_name": "Alex", "email_template_params": {"number": 7}});
    let own = mail(&hub, &acme, base.clone()).await;
    assert_eq!(own["subject"], "Policy 7 of Alex");
    let given = mail(&hub, &acme, with(base.clone(), json!({"email_subject": "No. {{NUMBER}}"}))).await;
    assert_eq!(given["subject"], "No. 7");
    assert!(html(&given).contains("<p>[No. 7]</p>"), "{given}");
    let blank = mail(&hub, &acme, with(base, json!({"email_subject": "  "}))).await;
    assert_eq!(blank["subject"], "Policy 7 of Alex");
}

// E5: {{SUBJECT}} is what the documents say it is, in the template's subject and in its body alike.
#[tokio::test(flavor = "multi_thread")]
async fn subject_in_a_template_is_the_instruction_else_the_default() {
    let (hub, acme) = acme().await;
    let made = template(&hub, &acme, json!({"subjectTemplate": "Re: {{SUBJECT}}", "bodyHtml": "<p>[{{SUBJECT}}]</p>"}));
    let made = made.await;
    for (changes, value) in [
        (json!({}), "Message from your provider"),
        (json!({"instruction": "Remind them\nof it."}), "Remind them of it."),
    ] {
        let mail = mail(&hub, &acme, with(json!({"email_template_id": made["id"]}), changes)).await;
        assert_eq!(mail["subject"], format!("Re: {value}"));
        assert!(html(&mail).contains(&format!("<p>[{value}]</p>")), "{mail}");
    }
}

// E5: a template without a subject of its own has the request's, else the instruction, else the default.
#[tokio::test(flavor = "multi_thread")]
async fn a_template_that_was_saved_without_a_subject_has_that_of_the_request() {
    let (hub, acme) = acme().await;
    let made = template(&hub, &acme, json!({"subjectTemplate": null})).await;
    for (changes, subject) in [
        (json!({"email_subject": "Given"}), "Given"),
        (json!({"instruction": "Remind them."}), "Remind them."),
        (json!({}), "Message from your provider"),
    ] {
        let mail = mail(&hub, &acme, with(json!({"email_template_id": made["id"]}), changes)).await;
        assert_eq!(mail["subject"], subject);
    }
}

// E3: outbound-email.md, path B.
#[tokio::test(flavor = "multi_thread")]
async fn an_instruction_beside_a_template_does_not_make_the_body() {
    let (hub, acme) = acme().await;
    let made = template(&hub, &acme, json!({"bodyHtml": "<p>Of the template</p>"})).await;
    let body =
        with(integration(&acme, "email", CUSTOMER), json!({"email_template_id": made["id"], "instruction": "Brief."}));
    let (mail, report) = sent(&hub, &acme, body).await;
    assert!(html(&mail).contains("<p>Of the template</p>") && !html(&mail).contains("Brief."), "{mail}");
    assert_eq!(details(&report), [""; 0]);
}

// E6, E7
#[tokio::test(flavor = "multi_thread")]
async fn values_fill_a_template_escaped_and_missing_ones_are_in_the_history() {
    let (hub, acme) = acme().await;
    let fields = json!({"subjectTemplate": "{{A}} {{NONE}}", "bodyHtml": "<p>[{{A}}|{{b}}|{{GONE}}]</p>"});
    let made = template(&hub, &acme, fields).await;
    let params = json!({"a": "<i>x</i>", "B": "{{A}}"});
    let fields = json!({"email_template_id": made["id"], "email_template_params": params});
    let (mail, report) = sent(&hub, &acme, with(integration(&acme, "email", CUSTOMER), fields)).await;
    assert_eq!(mail["subject"], "<i>x</i>");
    assert!(html(&mail).contains("<p>[&lt;i&gt;x&lt;/i&gt;|{{A}}|]</p>"), "{mail}");
    assert_eq!(details(&report), ["Placeholders without a value: GONE, NONE."]);
}

// E3
#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_template_falls_through_to_the_instruction_and_the_history_says_so() {
    let (hub, acme) = acme().await;
    template(&hub, &acme, json!({})).await;
    for reference in [
        json!({"email_template_id": "550e8400-e29b-41d4-a716-446655440000"}),
        json!({"email_template_id": "550e8400-e29b-41d4-a716-446655440000", "email_template_name": "Policy renewal"}),
        json!({"email_template_name": "Policy"}),
    ] {
        let name = reference["email_template_id"].as_str().unwrap_or("Policy").to_owned();
        let (mail, report) = sent(&hub, &acme, with(integration(&acme, "email", CUSTOMER), reference)).await;
        assert!(html(&mail).contains("Say hello.") && mail["subject"] == "Say hello.", "{mail}");
        let note = format!("There is no template \"{name}\"; the email was made from the instruction.");
        assert_eq!(details(&report)[0], note);
    }
}

// A2, E3: what another tenant has is the same as what is not there.
#[tokio::test(flavor = "multi_thread")]
async fn a_template_of_another_account_or_domain_is_unknown() {
    let (hub, acme) = acme().await;
    let (globex, second) = (hub.tenant("globex", 10).await, hub.second_domain(&acme).await);
    let before = state(&hub, &acme).await;
    for other in [&globex, &second] {
        let made = template(&hub, other, json!({"name": "Elsewhere", "bodyHtml": "<p>Secret</p>"})).await;
        for reference in [json!({"email_template_id": made["id"]}), json!({"email_template_name": "Elsewhere"})] {
            for (path, body) in [
                ("/integration/start", integration(&acme, "email", CUSTOMER)),
                ("/start", direct(&acme, "email", CUSTOMER)),
            ] {
                let answer = hub.post(&acme, path, with(without(body, "instruction"), reference.clone())).await;
                assert!(problem(&answer, 400).contains("Unknown template"));
            }
        }
    }
    assert_eq!(state(&hub, &acme).await, before);
}

// E3, H1
#[tokio::test(flavor = "multi_thread")]
async fn test_mode_goes_the_same_way_and_nothing_leaves() {
    let (hub, acme) = acme().await;
    let before = hub.balance(&acme).await;
    let made = template(&hub, &acme, json!({})).await;
    let fields = json!({"email_template_id": made["id"], "test_mode": true});
    let id = hub.started(&acme, with(integration(&acme, "email", CUSTOMER), fields)).await;
    let report = hub.sent_report(&acme, &id).await;
    assert_eq!(details(&report), ["Placeholders without a value: POLICY_NUMBER."]);
    assert_eq!(hub.balance(&acme).await, before);
    let unknown = with(
        without(integration(&acme, "email", CUSTOMER), "instruction"),
        json!({"email_template_name": "No such",
        "test_mode": true}),
    );
    problem(&hub.post(&acme, "/integration/start", unknown).await, 400);
}
