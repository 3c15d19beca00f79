//! `POST /start` (checklist C).

use insta::assert_json_snapshot;
use jiff::SignedDuration;
use serde_json::json;

use crate::anywhere::{acme, acme_in_test_mode};
use crate::problem::problem;
use crate::requests::{ALEX, direct, with, without};

// C3
#[tokio::test(flavor = "multi_thread")]
async fn the_sid_is_of_the_providers_own_form() {
    let (hub, acme) = acme_in_test_mode().await;
    for (channel, contact, prefix) in [
        ("phone", ALEX, "CA"),
        ("wvoice", ALEX, "CA"),
        ("sms", ALEX, "SM"),
        ("wmsg", ALEX, "SM"),
        ("email", "customer@example.com", "EM"),
    ] {
        let started = hub.post(&acme, "/start", direct(&acme, channel, contact)).await.expect(200);
        let sid = started["call_sid"].as_str().and_then(|sid| sid.strip_prefix(prefix)).expect("the prefix");
        assert!(sid.len() == 32 && sid.bytes().all(|b| b.is_ascii_hexdigit()), "{channel}: {sid}");
        let phone_number = if channel == "email" { "n/a" } else { ALEX };
        assert_eq!(started["phone_number"], phone_number);
    }
}

// C1
#[tokio::test(flavor = "multi_thread")]
async fn ten_digits_are_a_number_of_north_america() {
    let (hub, acme) = acme_in_test_mode().await;
    for written in ["4165551234", "(416) 555-1234", "416.555.1234", "+1 416 555 1234"] {
        let started = hub.post(&acme, "/start", direct(&acme, "phone", written)).await.expect(200);
        assert_eq!(started["phone_number"], "+14165551234", "{written}");
    }
}

// C1
#[tokio::test(flavor = "multi_thread")]
async fn an_emails_recipient_is_email_address_or_client_email() {
    let (hub, acme) = acme().await;
    for field in ["email_address", "client_email"] {
        let body = json!({"channel": "email", "domain_name": acme.domain_name, "instruction": "Say hello.", field: "a@example.com"});
        hub.post(&acme, "/start", body.clone()).await.expect(200);
        let blank = with(json!({"email_address": "", "client_email": ""}), body);
        hub.post(&acme, "/start", blank).await.expect(200);
    }
    let sent = hub.messages_of(&acme).await;
    assert!(sent.len() == 4 && sent.iter().all(|mail| mail["contact"] == "a@example.com"), "{sent:?}");
    let both = json!({"email_address": "first@example.com", "client_email": "second@example.com"});
    hub.post(&acme, "/start", with(direct(&acme, "email", ""), both)).await.expect(200);
    assert_eq!(hub.messages_of(&acme).await[0]["contact"], "first@example.com");
}

// C2
#[tokio::test(flavor = "multi_thread")]
async fn email_fields_may_be_in_the_context_under_body() {
    let (hub, acme) = acme().await;
    let nested = json!({"email_address": "a@example.com", "context": {"email_body_html": "<p>Deep</p>"}});
    let body = json!({"channel": "email", "domain_name": acme.domain_name, "body": nested});
    hub.post(&acme, "/start", body).await.expect(200);
    assert!(hub.messages_of(&acme).await[0]["html"].as_str().is_some_and(|html| html.contains("<p>Deep</p>")));
}

// C2
#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_no_object_is_told() {
    let (hub, acme) = acme_in_test_mode().await;
    let answer = hub.post(&acme, "/start", with(direct(&acme, "phone", ALEX), json!({"body": "text"}))).await;
    problem(&answer, 400);
    assert_eq!(answer.faulty_fields(), ["body"]);
}

// C2
#[tokio::test(flavor = "multi_thread")]
async fn every_language_is_taken() {
    let (hub, acme) = acme().await;
    for language in ["en", "es", "fr", "de", "pt", "zh", "fa", "ar", "hi", "ja", "ko"] {
        let body = with(direct(&acme, "email", "a@example.com"), json!({"language": language}));
        hub.post(&acme, "/start", body).await.expect(200);
        let mail = hub.messages_of(&acme).await.remove(0);
        let html = mail["html"].as_str().expect("html");
        assert!(html.contains(&format!("lang=\"{language}\"")), "{language}");
        assert_eq!(html.contains("dir=\"rtl\""), ["fa", "ar"].contains(&language), "{language}");
    }
    hub.post(&acme, "/start", direct(&acme, "email", "a@example.com")).await.expect(200);
    assert!(hub.messages_of(&acme).await[0]["html"].as_str().is_some_and(|html| html.contains("lang=\"en\"")));
}

// C2
#[tokio::test(flavor = "multi_thread")]
async fn user_id_is_external_user_id() {
    let (hub, acme) = acme_in_test_mode().await;
    for field in ["user_id", "external_user_id"] {
        hub.post(&acme, "/start", with(direct(&acme, "phone", ALEX), json!({field: "agent-9"}))).await.expect(200);
        let long = hub.post(&acme, "/start", with(direct(&acme, "phone", ALEX), json!({field: "x".repeat(300)}))).await;
        problem(&long, 400);
        assert_eq!(long.faulty_fields(), [field]);
    }
}

// C4
#[tokio::test(flavor = "multi_thread")]
async fn a_start_for_later_is_queued() {
    let (hub, acme) = acme_in_test_mode().await;
    let at = hub.now() + SignedDuration::from_hours(5);
    let body = with(direct(&acme, "phone", ALEX), json!({"scheduled_time": at.to_string()}));
    let queued = hub.post(&acme, "/start", body).await.expect(200);
    assert_eq!(queued["scheduled_time"], at.to_the_second());
    assert_eq!(queued["message"], format!("Call queued for scheduled time: {}", at.to_the_second()));
    let uuid = queued["call_sid"].as_str().and_then(|sid| sid.strip_prefix("QUEUED_")).expect("a queued sid");
    assert!(uuid.len() == 36 && uuid.bytes().filter(|b| *b == b'-').count() == 4, "{uuid}");
    assert_json_snapshot!("queued", queued, {
        ".call_sid" => "[sid]", ".scheduled_time" => "[time]", ".message" => "Call queued for scheduled time: [time]",
    });
    assert!(hub.messages_of(&acme).await.is_empty());
}

// C1
#[tokio::test(flavor = "multi_thread")]
async fn a_direct_start_needs_a_contact_that_fits_its_channel() {
    let (hub, acme) = acme_in_test_mode().await;
    for (body, field) in [
        (without(direct(&acme, "phone", ALEX), "phone_number"), "phone_number"),
        (without(direct(&acme, "email", "a@example.com"), "email_address"), "email_address"),
        (direct(&acme, "phone", "a@example.com"), "phone_number"),
        (direct(&acme, "email", ALEX), "email_address"),
    ] {
        let answer = hub.post(&acme, "/start", body).await;
        problem(&answer, 400);
        assert_eq!(answer.faulty_fields(), [field]);
    }
}
