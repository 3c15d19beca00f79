//! `POST /integration/start` (checklist B).

use insta::assert_json_snapshot;
use jiff::Timestamp;
use serde_json::json;

use crate::anywhere::{acme, acme_in_test_mode};
use crate::problem::problem;
use crate::requests::{AGENT, ALEX, integration, with, without};

// B1, B4
#[tokio::test(flavor = "multi_thread")]
async fn a_start_is_accepted_with_an_id_and_a_time() {
    let (hub, acme) = acme_in_test_mode().await;
    let accepted = hub.post(&acme, "/integration/start", integration(&acme, "phone", ALEX)).await.expect(200);
    assert_json_snapshot!("accepted", accepted, {".engagement_id" => "[id]", ".created_at" => "[time]"});
    let id = accepted["engagement_id"].as_str().expect("an id").strip_prefix("eng_").expect("a prefix");
    assert!(id.len() == 24 && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')), "{id}");
    let created_at = accepted["created_at"].as_str().expect("a time");
    assert!(created_at.parse::<Timestamp>().is_ok() && created_at.len() == "2026-06-18T14:30:00.000Z".len());
    assert!(created_at.ends_with('Z'));
}

// B2
#[tokio::test(flavor = "multi_thread")]
async fn every_optional_field_is_taken_and_the_source_is_told_back() {
    let (hub, acme) = acme().await;
    let body = with(
        integration(&acme, "sms", ALEX),
        json!({
            "type": "conversational",
            "client_name": "Jordan Lee",
            "source_system": "my_crm",
            "source_object": "lead",
            "source_user_id": "user-7",
            "external_user_id": "agent-9",
            "user_phone_number": AGENT,
            "test_mode": true,
            "context": {"anything": {"at": ["all", 1, null, true]}},
        }),
    );
    let id = hub.started(&acme, body).await;
    let report = hub.report(&acme, &id).await;
    for (field, value) in [
        ("source_record_id", "contact-1"),
        ("source_org_id", "acme"),
        ("source_system", "my_crm"),
        ("source_object", "lead"),
        ("source_user_id", "user-7"),
        ("client_name", "Jordan Lee"),
        ("type", "conversational"),
        ("channel", "sms"),
    ] {
        assert_eq!(report[field], value, "{field}");
    }
    assert_eq!(report["test_mode"], true);
}

// B1
#[tokio::test(flavor = "multi_thread")]
async fn the_recipient_of_an_email_is_in_phone_number() {
    let (hub, acme) = acme().await;
    let id = hub.started(&acme, integration(&acme, "email", "customer@example.com")).await;
    assert_eq!(hub.report(&acme, &id).await["contact_identifier"], "customer@example.com");
    let body = with(integration(&acme, "email", ""), json!({"email_address": "customer@example.com"}));
    problem(&hub.post(&acme, "/integration/start", body).await, 422);
}

// B3
#[tokio::test(flavor = "multi_thread")]
async fn email_fields_inside_context_count_and_the_top_level_wins() {
    let (hub, acme) = acme().await;
    let inside = json!({
        "email_subject": "From the context",
        "email_body_html": "<p>Policy {{NUMBER}}</p>",
        "email_template_params": {"number": "inside"},
        "note": "kept",
    });
    let body =
        with(without(integration(&acme, "email", "customer@example.com"), "instruction"), json!({"context": inside}));
    let id = hub.started(&acme, body.clone()).await;
    hub.until_status(&acme, &id, "Completed").await;
    let mail = hub.message(&id).await;
    assert_eq!(mail["subject"], "From the context");
    assert!(mail["html"].as_str().is_some_and(|html| html.contains("<p>Policy inside</p>")), "{mail}");

    let top = json!({"email_subject": "From the top", "email_template_params": {"number": "outside"}});
    let id = hub.started(&acme, with(body, top)).await;
    hub.until_status(&acme, &id, "Completed").await;
    let mail = hub.message(&id).await;
    assert_eq!(mail["subject"], "From the top");
    assert!(mail["html"].as_str().is_some_and(|html| html.contains("<p>Policy outside</p>")), "{mail}");
}

// B3: an empty field at the top level is none.
#[tokio::test(flavor = "multi_thread")]
async fn an_empty_field_at_the_top_level_does_not_hide_the_one_in_context() {
    let (hub, acme) = acme().await;
    let fields = json!({"email_subject": "", "context": {"email_subject": "From the context"}});
    let id = hub.started(&acme, with(integration(&acme, "email", "customer@example.com"), fields)).await;
    hub.until_status(&acme, &id, "Completed").await;
    assert_eq!(hub.message(&id).await["subject"], "From the context");
}

// B3: only email fields are read from the context.
#[tokio::test(flavor = "multi_thread")]
async fn other_fields_inside_context_are_only_kept() {
    let (hub, acme) = acme().await;
    let context = json!({"context": {"channel": "sms", "test_mode": true, "client_name": "Nobody"}});
    let id = hub.started(&acme, with(integration(&acme, "email", "customer@example.com"), context)).await;
    let report = hub.report(&acme, &id).await;
    assert_eq!((&report["channel"], &report["test_mode"]), (&json!("email"), &json!(false)));
    assert_eq!(report["client_name"], json!(null));
}

// B5
#[tokio::test(flavor = "multi_thread")]
async fn an_instruction_is_required_for_everything_but_an_email_with_html() {
    let (hub, acme) = acme_in_test_mode().await;
    for channel in ["phone", "sms", "wmsg", "wvoice"] {
        let answer =
            hub.post(&acme, "/integration/start", without(integration(&acme, channel, ALEX), "instruction")).await;
        assert!(problem(&answer, 400).contains(channel));
        assert_eq!(answer.faulty_fields(), ["instruction"]);
    }
    let email = without(integration(&acme, "email", "customer@example.com"), "instruction");
    problem(&hub.post(&acme, "/integration/start", email.clone()).await, 400);
    hub.started(&acme, with(email, json!({"email_body_html": "<p>Hello</p>"}))).await;
}
