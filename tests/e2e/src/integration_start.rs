//! `POST /integration/start` (checklist B).

use hub_fixture::TestHub;
use insta::assert_json_snapshot;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::problem::problem;
use crate::requests::{AGENT, ALEX, conversation, integration, with, without};

// B1, B4
#[tokio::test(flavor = "multi_thread")]
async fn a_start_is_accepted_with_an_id_and_a_time() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let accepted = hub.post(&acme, "/integration/start", integration("phone", ALEX)).await.expect(200);
    assert_json_snapshot!("accepted", accepted, {".engagement_id" => "[id]", ".created_at" => "[time]"});
    let id = accepted["engagement_id"].as_str().expect("an id").strip_prefix("eng_").expect("a prefix");
    assert!(id.len() == 24 && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')), "{id}");
    let created_at = accepted["created_at"].as_str().expect("a time");
    assert!(created_at.parse::<Timestamp>().is_ok() && created_at.len() == "2026-06-18T14:30:00.000Z".len());
    assert!(created_at.ends_with('Z'));
}

// B2
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_given_has_its_default() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = hub.started(&acme, without(integration("phone", ALEX), "channel")).await;
    let report = hub.report(&acme, &id).await;
    assert_eq!(report["channel"], "phone");
    assert_eq!(report["type"], "informational");
    assert_eq!(report["test_mode"], false);
    assert_eq!(report["client_name"], json!(null));
    assert_eq!(report["scheduled_time"], json!(null));
}

// B2
#[tokio::test(flavor = "multi_thread")]
async fn every_optional_field_is_taken_and_the_source_is_told_back() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let body = with(
        integration("sms", ALEX),
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

// B2: both names of the agent's number do the same.
#[tokio::test(flavor = "multi_thread")]
async fn initiator_phone_number_is_user_phone_number() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let talk = with(integration("phone", crate::requests::TALKER), json!({"type": "conversational"}));
    let id = hub.started(&acme, with(talk, json!({"initiator_phone_number": AGENT}))).await;
    hub.until_status(&acme, &id, "In Progress").await;
    let queued = hub.post(&acme, "/start", conversation(ALEX)).await.expect(200);
    assert_eq!(queued["status"], "queued");
}

// B1
#[tokio::test(flavor = "multi_thread")]
async fn the_recipient_of_an_email_is_in_phone_number() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = hub.started(&acme, integration("email", "customer@example.com")).await;
    assert_eq!(hub.report(&acme, &id).await["contact_identifier"], "customer@example.com");
    let body = with(integration("email", ""), json!({"email_address": "customer@example.com"}));
    problem(&hub.post(&acme, "/integration/start", body).await, 422);
}

// B3
#[tokio::test(flavor = "multi_thread")]
async fn email_fields_inside_context_count_and_the_top_level_wins() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let inside = json!({
        "email_subject": "From the context",
        "email_body_html": "<p>Policy {{NUMBER}}</p>",
        "email_template_params": {"number": "inside"},
        "note": "kept",
    });
    let body = with(without(integration("email", "customer@example.com"), "instruction"), json!({"context": inside}));
    let id = hub.started(&acme, body.clone()).await;
    hub.until_status(&acme, &id, "Completed").await;
    let mail = hub.messages(&format!("engagement_id={id}")).await.remove(0);
    assert_eq!(mail["subject"], "From the context");
    assert!(mail["html"].as_str().is_some_and(|html| html.contains("<p>Policy inside</p>")), "{mail}");

    let top = json!({"email_subject": "From the top", "email_template_params": {"number": "outside"}});
    let id = hub.started(&acme, with(body, top)).await;
    hub.until_status(&acme, &id, "Completed").await;
    let mail = hub.messages(&format!("engagement_id={id}")).await.remove(0);
    assert_eq!(mail["subject"], "From the top");
    assert!(mail["html"].as_str().is_some_and(|html| html.contains("<p>Policy outside</p>")), "{mail}");
}

// B3: an empty field at the top level is none.
#[tokio::test(flavor = "multi_thread")]
async fn an_empty_field_at_the_top_level_does_not_hide_the_one_in_context() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let fields = json!({"email_subject": "", "context": {"email_subject": "From the context"}});
    let id = hub.started(&acme, with(integration("email", "customer@example.com"), fields)).await;
    hub.until_status(&acme, &id, "Completed").await;
    assert_eq!(hub.messages("").await[0]["subject"], "From the context");
}

// B3: only email fields are read from the context.
#[tokio::test(flavor = "multi_thread")]
async fn other_fields_inside_context_are_only_kept() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let context = json!({"context": {"channel": "sms", "test_mode": true, "client_name": "Nobody"}});
    let id = hub.started(&acme, with(integration("phone", ALEX), context)).await;
    let report = hub.report(&acme, &id).await;
    assert_eq!((&report["channel"], &report["test_mode"]), (&json!("phone"), &json!(false)));
    assert_eq!(report["client_name"], json!(null));
}

// B5
#[tokio::test(flavor = "multi_thread")]
async fn an_instruction_is_required_for_everything_but_an_email_with_html() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for channel in ["phone", "sms", "wmsg", "wvoice"] {
        let answer = hub.post(&acme, "/integration/start", without(integration(channel, ALEX), "instruction")).await;
        assert!(problem(&answer, 400).contains(channel));
        assert_eq!(answer.faulty_fields(), ["instruction"]);
    }
    let email = without(integration("email", "customer@example.com"), "instruction");
    problem(&hub.post(&acme, "/integration/start", email.clone()).await, 400);
    hub.started(&acme, with(email, json!({"email_body_html": "<p>Hello</p>"}))).await;
}

// B6
#[tokio::test(flavor = "multi_thread")]
async fn scheduled_time_language_and_booking_id_are_taken_here_too() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    crate::setup::booking(&hub, "booking-1").await;
    let at = (hub.clock.now() + SignedDuration::from_hours(3)).to_string();
    let fields = json!({"type": "confirmational", "booking_id": "booking-1", "language": "fr", "scheduled_time": at});
    let id = hub.started(&acme, with(integration("phone", ALEX), fields)).await;
    let report = hub.report(&acme, &id).await;
    assert_eq!(report["status"], "Scheduled");
    assert_eq!(report["scheduled_time"], at);
}
