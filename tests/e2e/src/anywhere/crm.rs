//! What a CRM's users do: choose a layout, and engage a person (checklist J2, J3).

use hub_fixture::{AnyHub, Caller, unused_name};
use reqwest::Method;
use serde_json::{Value, json};

use crate::anywhere::acme;
use crate::problem::{problem, state};
use crate::requests::{with, without};
use crate::setup::template;
use crate::workspace::{START, TEMPLATES, Workspace, person, workspace};

async fn crm() -> (AnyHub, Caller, Workspace) {
    let (hub, acme) = acme().await;
    let workspace = workspace(&hub, &acme, "HS256").await;
    (hub, acme, workspace)
}

async fn layouts(hub: &AnyHub, workspace: &Workspace) -> Value {
    hub.call(Method::GET, TEMPLATES, &workspace.token(), None, &[]).await.expect(200)
}

// J2
#[tokio::test(flavor = "multi_thread")]
async fn the_layouts_are_the_templates_of_the_domain() {
    let (hub, acme, workspace) = crm().await;
    assert_eq!(layouts(&hub, &workspace).await, json!({"templates": []}));
    let made = template(&hub, &acme, json!({})).await;
    template(&hub, &acme, json!({"name": "A user's own", "external_user_id": "user-1"})).await;
    let expected = json!({"templates": [{
        "id": made["id"],
        "name": "Policy renewal",
        "subjectTemplate": "Your policy renewal",
        "customPlaceholderKeys": ["POLICY_NUMBER"],
    }]});
    assert_eq!(layouts(&hub, &workspace).await, expected);
    assert_eq!(hub.get(&acme, &acme.at("/account-settings/email-templates")).await.expect(200), expected);
}

// J2
#[tokio::test(flavor = "multi_thread")]
async fn where_email_is_not_set_up_there_are_no_layouts() {
    let (hub, acme, _) = crm().await;
    let silent = Caller { domain_name: unused_name("silent"), ..acme };
    hub.new_domain(&silent.account_id, &silent.domain_name, json!({})).await;
    template(&hub, &silent, json!({})).await;
    let silent_crm = workspace(&hub, &silent, "HS256").await;
    assert_eq!(layouts(&hub, &silent_crm).await, json!({"templates": []}));
    let phone_only = json!({"email_from": "A <a@acme.example>", "channels": ["phone"]});
    let other = Caller { domain_name: unused_name("phone"), ..silent };
    hub.new_domain(&other.account_id, &other.domain_name, phone_only).await;
    template(&hub, &other, json!({})).await;
    let other_crm = workspace(&hub, &other, "HS256").await;
    assert_eq!(layouts(&hub, &other_crm).await, json!({"templates": []}));
}

// J3
#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_engaged_with_a_layout_whose_placeholders_a_workflow_fills() {
    let (hub, acme, workspace) = crm().await;
    let layout = template(&hub, &acme, json!({})).await;
    let body = json!({
        "personId": "person-7",
        "channel": "email",
        "type": "informational",
        "contactIdentifier": "customer@example.com",
        "clientName": "Alex Morgan",
        "emailTemplateId": layout["id"],
        "emailTemplateParams": {"policy_number": "POL-2026-8842"},
    });
    let id = workspace.started(&hub, body).await;
    let report = hub.until_status(&acme, &id, "Completed").await;
    for (field, value) in [
        ("source_record_id", "person-7"),
        ("source_org_id", workspace.id.as_str()),
        ("source_object", "person"),
        ("client_name", "Alex Morgan"),
        ("channel", "email"),
        ("contact_identifier", "customer@example.com"),
        ("outcome", "delivered"),
    ] {
        assert_eq!(report[field], value, "{field}");
    }
    let mail = hub.message(&id).await;
    assert_eq!(mail["subject"], "Your policy renewal");
    let html = mail["html"].as_str().expect("html");
    assert!(html.contains("Dear Alex Morgan") && html.contains("Policy POL-2026-8842 renews soon"), "{html}");
}

// J3
#[tokio::test(flavor = "multi_thread")]
async fn every_source_of_the_body_is_taken_in_the_crms_words() {
    let (hub, acme, workspace) = crm().await;
    template(&hub, &acme, json!({})).await;
    for (fields, part) in [
        (json!({"emailSubject": "Hello {{CUSTOMER_NAME}}", "emailBodyHtml": "<p>Inline.</p>"}), "Inline."),
        (json!({"emailTemplateName": "Policy renewal"}), "renews soon"),
        (json!({"instruction": "Tell them about the open house."}), "the open house"),
    ] {
        let id = workspace.started(&hub, with(without(person(), "instruction"), fields)).await;
        hub.until_status(&acme, &id, "Completed").await;
        let mail = hub.message(&id).await;
        assert!(mail["html"].as_str().is_some_and(|html| html.contains(part)), "{mail}");
    }
}

// J3, A2
#[tokio::test(flavor = "multi_thread")]
async fn the_workspace_says_for_whom_whatever_the_request_says() {
    let (hub, acme, workspace) = crm().await;
    let other = hub.second_domain(&acme).await;
    let names = json!({"domain_name": other.domain_name, "source_org_id": "theirs", "source_record_id": "x", "test_mode": true});
    let id = workspace.started(&hub, with(person(), names)).await;
    let report = hub.until_status(&acme, &id, "Completed").await;
    assert_eq!((&report["source_org_id"], &report["source_record_id"]), (&json!(workspace.id), &json!("person-1")));
    assert_eq!(report["test_mode"], false);
    let others = hub.get(&other, &other.at("/integration/engagements")).await.expect(200);
    assert_eq!(others["engagements"], json!([]));
}

// J3, A3, A4
#[tokio::test(flavor = "multi_thread")]
async fn faults_are_told_in_the_crms_words() {
    let (hub, acme, workspace) = crm().await;
    let before = state(&hub, &acme).await;
    let answer = workspace.start(&hub, json!({"channel": "email"})).await;
    let detail = problem(&answer, 422);
    assert!(detail.contains("personId is required.") && detail.contains("contactIdentifier"), "{detail}");
    assert_eq!(answer.faulty_fields(), ["contactIdentifier", "personId", "emailBodyHtml"]);
    for (changes, field) in [
        (json!({"contactIdentifier": "nobody"}), "contactIdentifier"),
        (json!({"emailBodyHtml": "<p>x</p>", "emailTemplateName": "y"}), "emailBodyHtml"),
        (json!({"emailTemplateParams": {"a-b": "c"}}), "emailTemplateParams.a-b"),
        (json!({"clientName": 7}), "clientName"),
        (json!({"type": "conversational"}), "type"),
    ] {
        let answer = workspace.start(&hub, with(person(), changes.clone())).await;
        let detail = problem(&answer, 400);
        assert_eq!(answer.faulty_fields(), [field], "{changes}");
        assert!(!detail.contains("email_") && !detail.contains("phone_number"), "{detail}");
    }
    let unknown = with(without(person(), "instruction"), json!({"emailTemplateName": "Nothing of the kind"}));
    let answer = workspace.start(&hub, unknown).await;
    assert!(problem(&answer, 400).contains("Unknown template"));
    assert_eq!(answer.faulty_fields(), ["emailTemplateName"]);
    assert_eq!(state(&hub, &acme).await, before);
}

// J3, A6
#[tokio::test(flavor = "multi_thread")]
async fn a_repetition_with_the_same_key_answers_as_the_first_did() {
    let (hub, acme, workspace) = crm().await;
    let key = [("Idempotency-Key", "person-1-renewal")];
    let post = async |body: Value| hub.call(Method::POST, START, &workspace.token(), Some(body), &key).await;
    let first = post(person()).await.expect(200);
    assert_eq!(post(person()).await.expect(200), first);
    problem(&post(with(person(), json!({"personId": "person-2"}))).await, 422);
    let list = hub.get(&acme, &acme.at("/integration/engagements")).await.expect(200);
    assert_eq!(list["engagements"].as_array().map(Vec::len), Some(1), "{list}");
}

// J3, A4
#[tokio::test(flavor = "multi_thread")]
async fn credits_the_list_and_the_pause_hold_for_a_crm_too() {
    let (hub, acme, workspace) = crm().await;
    let listed = json!({"domain_name": acme.domain_name, "contact": "stop@example.com", "reason": "Asked by phone."});
    hub.post(&acme, "/contacts/do-not-contact", listed).await.expect(200);
    let answer = workspace.start(&hub, with(person(), json!({"contactIdentifier": "stop@example.com"}))).await;
    assert!(problem(&answer, 403).contains("do-not-contact"));
    let poor = hub.tenant("poor", 0).await;
    let poor_crm = crate::workspace::workspace(&hub, &poor, "HS256").await;
    problem(&poor_crm.start(&hub, person()).await, 402);
    hub.set_domain(&acme.domain_name, json!({"engagement_hub_paused": true})).await;
    hub.until_seen("the pause counts", async || {
        let answer = workspace.start(&hub, person()).await;
        if answer.status == 503 { Ok(()) } else { Err(answer.body.to_string()) }
    })
    .await;
}
