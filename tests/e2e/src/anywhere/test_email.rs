//! The test email (checklist E12): one email by the real path.

use hub_fixture::{Answer, AnyHub, Caller, Hub};
use serde_json::{Value, json};

use crate::anywhere::acme;
use crate::problem::{problem, state};
use crate::requests::{with, without};

const PATH: &str = "/account-settings/send-test-email";

const SETTINGS: &str = "/account-settings/outbound-email";

const TEMPLATES: &str = "/account-settings/email-templates";

const YOU: &str = "you@example.com";

/// A request with nothing but what it needs.
fn bare(caller: &Caller) -> Value {
    json!({"domain_name": caller.domain_name, "email_address": YOU})
}

/// What the request is answered, and the mail that it leads to.
async fn tested(hub: &Hub, caller: &Caller, changes: Value) -> (Value, Value) {
    let answer = hub.post(caller, PATH, with(bare(caller), changes)).await.expect(200);
    let id = answer["engagement_id"].as_str().expect("an engagement");
    let mail = hub.message(id).await;
    (answer, mail)
}

async fn mail(hub: &Hub, caller: &Caller, changes: Value) -> Value {
    tested(hub, caller, changes).await.1
}

fn html(mail: &Value) -> &str {
    mail["html"].as_str().expect("html")
}

/// A saved template of the caller's domain.
async fn template(hub: &Hub, acme: &Caller) -> String {
    let fields = json!({
        "domain_name": acme.domain_name,
        "name": "Policy renewal",
        "subjectTemplate": "Policy {{POLICY_NUMBER}}",
        "bodyHtml": "<p>Dear {{CUSTOMER_NAME}}, policy {{POLICY_NUMBER}} renews.</p>",
    });
    hub.post(acme, TEMPLATES, fields).await.expect(201)["id"].as_str().expect("an id").to_owned()
}

/// Asserts that a request is refused with this status and leaves everything as it is; its detail.
async fn refused(hub: &Hub, caller: &Caller, body: Value, status: u16) -> (String, Answer) {
    let before = state(hub, caller).await;
    let answer = hub.post(caller, PATH, body).await;
    let detail = problem(&answer, status);
    assert_eq!(state(hub, caller).await, before);
    (detail, answer)
}

// E12
#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_enough_for_a_mail_that_says_what_it_is() {
    let (hub, acme) = acme().await;
    let mail = mail(&hub, &acme, json!({"client_name": "Alex"})).await;
    assert_eq!((&mail["contact"], &mail["subject"]), (&json!(YOU), &json!("A test email from Acme Insurance")));
    assert!(html(&mail).contains("<p>Hello Alex,</p>"), "{mail}");
    assert!(html(&mail).contains("this is a test email from Acme Insurance."), "{mail}");
    let mail = self::mail(&hub, &acme, json!({"subject": "Mine", "html": " ", "instruction": null})).await;
    assert_eq!(mail["subject"], "Mine");
    assert!(html(&mail).contains("this is a test email from Acme Insurance."), "{mail}");
}

// E12
#[tokio::test(flavor = "multi_thread")]
async fn html_a_template_or_an_instruction_is_sent_as_a_start_would_send_it() {
    let (hub, acme) = acme().await;
    let id = template(&hub, &acme).await;
    let params = json!({"policy_number": "POL-7"});
    let renewal = "<p>Dear you@example.com, policy POL-7 renews.</p>";
    for (fields, subject, said) in [
        (
            json!({"email_subject": "Hi", "email_body_html": "<p>Given {{POLICY_NUMBER}}</p>"}),
            "Hi",
            "<p>Given POL-7</p>",
        ),
        (json!({"email_template_id": id}), "Policy POL-7", renewal),
        (json!({"email_template_name": "policy renewal"}), "Policy POL-7", renewal),
        (json!({"instruction": "We are moving."}), "We are moving.", ": We are moving. If you have any questions"),
        (json!({"instruction": "We are moving.", "email_template_id": "gone"}), "We are moving.", ": We are moving."),
    ] {
        let mail = mail(&hub, &acme, with(fields.clone(), json!({"email_template_params": params}))).await;
        assert_eq!(mail["subject"], subject, "{fields}");
        assert!(html(&mail).contains(said), "{fields}: {mail}");
        assert!(!html(&mail).contains("test email"), "{fields}: {mail}");
    }
}

// E12
#[tokio::test(flavor = "multi_thread")]
async fn the_short_names_of_the_fields_are_read_too() {
    let (hub, acme) = acme().await;
    let id = template(&hub, &acme).await;
    for (fields, subject, said) in [
        (json!({"subject": "{{X}}", "html": "<p>{{X}}</p>", "params": {"x": "1"}}), "1", "<p>1</p>"),
        (json!({"subject": "S", "body_html": "<p>{{X}}</p>", "template_params": {"x": "2"}}), "S", "<p>2</p>"),
        (json!({"template_id": id, "params": {"policy_number": "3"}}), "Policy 3", "policy 3 renews"),
        (json!({"template_name": "Policy renewal", "subject": "S"}), "S", "policy  renews"),
    ] {
        for to in ["to", "recipient", "client_email", "phone_number"] {
            let body = with(with(without(bare(&acme), "email_address"), fields.clone()), json!({to: YOU}));
            let answer = hub.post(&acme, PATH, body).await.expect(200);
            let id = answer["engagement_id"].as_str().expect("an engagement");
            let mail = hub.message(id).await;
            assert_eq!((&mail["contact"], &mail["subject"]), (&json!(YOU), &json!(subject)), "{to} {fields}");
            assert!(html(&mail).contains(said), "{to} {fields}: {mail}");
        }
    }
    let both = mail(&hub, &acme, json!({"html": "<p>Short</p>", "email_body_html": "<p>Long</p>"})).await;
    assert!(html(&both).contains("<p>Long</p>"), "{both}");
}

// E12, C2: nested as in a start.
#[tokio::test(flavor = "multi_thread")]
async fn the_fields_may_be_nested_as_those_of_a_start() {
    let (hub, acme) = acme().await;
    let given = json!({"to": YOU, "subject": "S", "html": "<p>Given</p>", "scheduled_time": "2999-01-01T00:00:00Z"});
    let answer = hub.post(&acme, PATH, json!({"domain_name": acme.domain_name, "body": given})).await.expect(200);
    assert_eq!((&answer["status"], &answer["to"]), (&json!("sent"), &json!(YOU)));
    let context = json!({"context": {"email_subject": "S", "email_body_html": "<p>Given</p>"}});
    hub.post(&acme, PATH, with(bare(&acme), context)).await.expect(200);
    let mails = hub.messages_of(&acme).await;
    assert_eq!(mails.len(), 2);
    for mail in mails {
        assert_eq!(mail["subject"], "S");
        assert!(html(&mail).contains("<p>Given</p>"), "{mail}");
    }
}

// E12
#[tokio::test(flavor = "multi_thread")]
async fn the_answer_leads_to_the_engagement_and_to_the_call_log_and_it_costs_what_an_email_costs() {
    let (hub, acme) = acme().await;
    let (answer, mail) = tested(&hub, &acme, json!({"html": "<p>Hello</p>"})).await;
    let mut fields: Vec<_> = answer.as_object().expect("an object").keys().collect();
    fields.sort();
    assert_eq!(fields, ["call_sid", "engagement_id", "status", "to"]);
    assert_eq!((&answer["status"], &answer["to"]), (&json!("sent"), &json!(YOU)));
    let (id, sid) = (answer["engagement_id"].as_str().expect("an id"), answer["call_sid"].as_str().expect("a sid"));
    let report = hub.until_status(&acme, id, "Completed").await;
    assert_eq!((&report["channel"], &report["contact_identifier"]), (&json!("email"), &json!(YOU)), "{report}");
    let call = hub.get(&acme, &format!("/calls/{sid}")).await.expect(200);
    assert_eq!((&call["status"], &call["email_address"]), (&json!("Done"), &json!(YOU)), "{call}");
    assert_eq!((&mail["engagement_id"], hub.balance(&acme).await), (&json!(id), 9_999));
}

// E12
#[tokio::test(flavor = "multi_thread")]
async fn it_is_an_email_that_goes_out_now_whatever_else_is_asked_for() {
    let (hub, acme) = acme().await;
    let later = (hub.now() + jiff::SignedDuration::from_hours(1)).to_string();
    let fields = json!({"channel": "phone", "type": "conversational", "scheduled_time": later});
    let (answer, mail) = tested(&hub, &acme, fields).await;
    assert_eq!((&answer["status"], &mail["channel"]), (&json!("sent"), &json!("email")));
}

// E1, E12
#[tokio::test(flavor = "multi_thread")]
async fn html_together_with_a_template_is_400_under_each_of_their_names() {
    let (hub, acme) = acme().await;
    let id = template(&hub, &acme).await;
    for fields in [
        json!({"email_body_html": "<p>Hello</p>", "email_template_id": id}),
        json!({"html": "<p>Hello</p>", "template_id": id}),
        json!({"body_html": "<p>Hello</p>", "template_name": "Policy renewal"}),
        json!({"html": "<p>Hello</p>", "context": {"email_template_id": id}}),
    ] {
        let (detail, _) = refused(&hub, &acme, with(bare(&acme), fields), 400).await;
        assert!(detail.contains("not both"), "{detail}");
    }
}

// E12
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_sent_is_told_and_nothing_is_kept() {
    let (hub, acme) = acme().await;
    let (_, answer) = refused(&hub, &acme, json!({"params": {"a-b": 1}}), 400).await;
    assert_eq!(answer.faulty_fields(), ["email_address", "domain_name", "email_template_params.a-b"]);
    let (_, answer) = refused(&hub, &acme, with(bare(&acme), json!({"email_address": "nobody"})), 400).await;
    assert_eq!(answer.faulty_fields(), ["email_address"]);
    let (detail, _) = refused(&hub, &acme, with(bare(&acme), json!({"template_id": "gone"})), 400).await;
    assert!(detail.contains("Unknown template \"gone\""), "{detail}");
}

// E12, N2
#[tokio::test(flavor = "multi_thread")]
async fn an_address_on_the_do_not_contact_list_is_403() {
    let (hub, acme) = acme().await;
    let listed = json!({"domain_name": acme.domain_name, "contact": YOU, "channel": "email", "reason": "Asked."});
    hub.post(&acme, "/contacts/do-not-contact", listed).await.expect(200);
    let (detail, _) = refused(&hub, &acme, bare(&acme), 403).await;
    assert!(detail.ends_with("Asked."), "{detail}");
}

// E9, E12
#[tokio::test(flavor = "multi_thread")]
async fn a_domain_without_a_sender_is_told_how_to_set_one() {
    let (hub, acme) = acme().await;
    hub.put(&acme, SETTINGS, json!({"domain_name": acme.domain_name})).await.expect(200);
    let (detail, _) = refused(&hub, &acme, bare(&acme), 400).await;
    assert!(detail.contains("PUT /account-settings/outbound-email"), "{detail}");
}

// E12, K2
#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_credits_is_402() {
    let hub = AnyHub::reach().await;
    let globex = hub.tenant("globex", 0).await;
    refused(&hub, &globex, bare(&globex), 402).await;
}

// A2, E12
#[tokio::test(flavor = "multi_thread")]
async fn it_takes_the_permission_and_a_domain_of_ones_own() {
    let (hub, acme) = acme().await;
    let globex = hub.tenant("globex", 10).await;
    let starter = hub.with_key(&acme, json!({"name": "starts", "permissions": ["engagements"]})).await;
    let answer = hub.post(&starter, PATH, bare(&acme)).await;
    assert!(problem(&answer, 403).contains("account_settings"));
    refused(&hub, &globex, bare(&acme), 404).await;
    refused(&hub, &globex, with(bare(&acme), json!({"domain_name": "nobody"})), 404).await;
    assert!(hub.messages_of(&acme).await.is_empty());
}

// A6, E12
#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_with_the_same_key_is_sent_once() {
    let (hub, acme) = acme().await;
    let key = [("Idempotency-Key", "test-1")];
    let first = hub.post_with(&acme, PATH, bare(&acme), &key).await.expect(200);
    assert_eq!(hub.post_with(&acme, PATH, bare(&acme), &key).await.expect(200), first);
    let other = with(bare(&acme), json!({"subject": "Another"}));
    assert!(problem(&hub.post_with(&acme, PATH, other, &key).await, 422).contains("Idempotency-Key"));
    assert_eq!((hub.messages_of(&acme).await.len(), hub.balance(&acme).await), (1, 9_999));
}

// E12, H1
#[tokio::test(flavor = "multi_thread")]
async fn in_test_mode_nothing_leaves_and_nothing_is_charged() {
    let (hub, acme) = acme().await;
    let answer = hub.post(&acme, PATH, with(bare(&acme), json!({"test_mode": true}))).await.expect(200);
    assert_eq!(answer["status"], "sent");
    let call = hub.get(&acme, &format!("/calls/{}", answer["call_sid"].as_str().expect("a sid"))).await.expect(200);
    assert_eq!(call["test_mode"], true);
    assert!(hub.messages_of(&acme).await.is_empty());
    assert_eq!(hub.balance(&acme).await, 10_000);
}

// E9, E12
#[tokio::test(flavor = "multi_thread")]
async fn the_settings_are_those_of_the_user_who_is_named() {
    let (hub, acme) = acme().await;
    let domain = json!({"domain_name": acme.domain_name, "from": "hello@acme.example",
        "outbound_email_user_overrides_enabled": true});
    let user = json!({"domain_name": acme.domain_name, "external_user_id": "jo", "from": "jo@acme.example",
        "organization_name": "Jo at Acme"});
    for settings in [domain, user] {
        hub.put(&acme, SETTINGS, settings).await.expect(200);
    }
    for (user, from, subject) in [
        (json!({"external_user_id": "jo"}), "jo@acme.example", "A test email from Jo at Acme"),
        (json!({"user_id": "jo"}), "jo@acme.example", "A test email from Jo at Acme"),
        (json!({"external_user_id": "al"}), "hello@acme.example", "A test email from Acme Insurance"),
        (json!({}), "hello@acme.example", "A test email from Acme Insurance"),
    ] {
        let mail = mail(&hub, &acme, user.clone()).await;
        assert_eq!(mail["subject"], subject, "{user}");
        assert!(
            mail["raw"].as_str().is_some_and(|raw| raw.starts_with(&format!("From: {from}\r\n"))),
            "{user}: {mail}"
        );
    }
}
