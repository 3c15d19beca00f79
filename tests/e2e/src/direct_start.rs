//! `POST /start` (checklist C).

use hub_fixture::TestHub;
use insta::assert_json_snapshot;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::problem::problem;
use crate::requests::{AGENT, ALEX, TALKER, THROTTLED, conversation, direct, integration, with, without};

// C3
#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_placed_within_the_request() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let started = hub.post(&acme, "/start", direct("phone", ALEX)).await.expect(200);
    assert_eq!(hub.messages("channel=phone").await.len(), 1);
    assert_eq!(started["call_sid"], started["billing_request_id"]);
    assert_json_snapshot!("initiated", started, {".call_sid" => "[sid]", ".billing_request_id" => "[sid]"});
}

// C3
#[tokio::test(flavor = "multi_thread")]
async fn the_sid_is_of_the_providers_own_form() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for (channel, contact, prefix) in [
        ("phone", ALEX, "CA"),
        ("wvoice", ALEX, "CA"),
        ("sms", ALEX, "SM"),
        ("wmsg", ALEX, "SM"),
        ("email", "customer@example.com", "EM"),
    ] {
        let started = hub.post(&acme, "/start", direct(channel, contact)).await.expect(200);
        let sid = started["call_sid"].as_str().and_then(|sid| sid.strip_prefix(prefix)).expect("the prefix");
        assert!(sid.len() == 32 && sid.bytes().all(|b| b.is_ascii_hexdigit()), "{channel}: {sid}");
        let phone_number = if channel == "email" { "n/a" } else { ALEX };
        assert_eq!(started["phone_number"], phone_number);
    }
}

// C1
#[tokio::test(flavor = "multi_thread")]
async fn ten_digits_are_a_number_of_north_america() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for written in ["4165551234", "(416) 555-1234", "416.555.1234", "+1 416 555 1234"] {
        let started = hub.post(&acme, "/start", direct("phone", written)).await.expect(200);
        assert_eq!(started["phone_number"], "+14165551234", "{written}");
    }
}

// C1
#[tokio::test(flavor = "multi_thread")]
async fn an_emails_recipient_is_email_address_or_client_email() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for field in ["email_address", "client_email"] {
        let body =
            json!({"channel": "email", "domain_name": "acme", "instruction": "Say hello.", field: "a@example.com"});
        hub.post(&acme, "/start", body.clone()).await.expect(200);
        let blank = with(json!({"email_address": "", "client_email": ""}), body);
        hub.post(&acme, "/start", blank).await.expect(200);
    }
    let sent = hub.messages("").await;
    assert!(sent.len() == 4 && sent.iter().all(|mail| mail["contact"] == "a@example.com"), "{sent:?}");
    let both = json!({"email_address": "first@example.com", "client_email": "second@example.com"});
    hub.post(&acme, "/start", with(direct("email", ""), both)).await.expect(200);
    assert_eq!(hub.messages("").await[0]["contact"], "first@example.com");
}

// C2
#[tokio::test(flavor = "multi_thread")]
async fn fields_may_be_under_body_and_the_top_level_wins() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let body = json!({
        "phone_number": ALEX,
        "domain_name": "acme",
        "client_name": "",
        "body": {
            "phone_number": "+14165550000",
            "channel": "sms",
            "instruction": "Leave a message.",
            "client_name": "Alex Morgan",
            "context": {"email_subject": "deep"},
        },
    });
    let started = hub.post(&acme, "/start", body).await.expect(200);
    assert_eq!(started["phone_number"], ALEX);
    let path = format!("/calls/{}", started["call_sid"].as_str().expect("a sid"));
    let call = hub.get(&acme, &path).await.expect(200);
    assert_eq!((&call["channel"], &call["client_name"]), (&json!("sms"), &json!("Alex Morgan")));
    assert_eq!(hub.messages("channel=sms").await[0]["text"], "Leave a message.");
}

// C2
#[tokio::test(flavor = "multi_thread")]
async fn email_fields_may_be_in_the_context_under_body() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let nested = json!({"email_address": "a@example.com", "context": {"email_body_html": "<p>Deep</p>"}});
    let body = json!({"channel": "email", "domain_name": "acme", "body": nested});
    hub.post(&acme, "/start", body).await.expect(200);
    assert!(hub.messages("").await[0]["html"].as_str().is_some_and(|html| html.contains("<p>Deep</p>")));
}

// C2
#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_no_object_is_told() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let answer = hub.post(&acme, "/start", with(direct("phone", ALEX), json!({"body": "text"}))).await;
    problem(&answer, 400);
    assert_eq!(answer.faulty_fields(), ["body"]);
}

// C2
#[tokio::test(flavor = "multi_thread")]
async fn every_language_is_taken() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for language in ["en", "es", "fr", "de", "pt", "zh", "fa", "ar", "hi", "ja", "ko"] {
        let body = with(direct("email", "a@example.com"), json!({"language": language}));
        hub.post(&acme, "/start", body).await.expect(200);
        let mail = hub.messages("limit=1").await.remove(0);
        let html = mail["html"].as_str().expect("html");
        assert!(html.contains(&format!("lang=\"{language}\"")), "{language}");
        assert_eq!(html.contains("dir=\"rtl\""), ["fa", "ar"].contains(&language), "{language}");
    }
    hub.post(&acme, "/start", direct("email", "a@example.com")).await.expect(200);
    assert!(hub.messages("limit=1").await[0]["html"].as_str().is_some_and(|html| html.contains("lang=\"en\"")));
}

// C2
#[tokio::test(flavor = "multi_thread")]
async fn user_id_is_external_user_id() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for field in ["user_id", "external_user_id"] {
        hub.post(&acme, "/start", with(direct("phone", ALEX), json!({field: "agent-9"}))).await.expect(200);
        let long = hub.post(&acme, "/start", with(direct("phone", ALEX), json!({field: "x".repeat(300)}))).await;
        problem(&long, 400);
        assert_eq!(long.faulty_fields(), [field]);
    }
}

// C4
#[tokio::test(flavor = "multi_thread")]
async fn a_start_for_later_is_queued() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let at = hub.clock.now() + SignedDuration::from_hours(5);
    let body = with(direct("phone", ALEX), json!({"scheduled_time": at.to_string()}));
    let queued = hub.post(&acme, "/start", body).await.expect(200);
    assert_eq!(queued["scheduled_time"], at.to_the_second());
    assert_eq!(queued["message"], format!("Call queued for scheduled time: {}", at.to_the_second()));
    let uuid = queued["call_sid"].as_str().and_then(|sid| sid.strip_prefix("QUEUED_")).expect("a queued sid");
    assert!(uuid.len() == 36 && uuid.bytes().filter(|b| *b == b'-').count() == 4, "{uuid}");
    assert_json_snapshot!("queued", queued, {
        ".call_sid" => "[sid]", ".scheduled_time" => "[time]", ".message" => "Call queued for scheduled time: [time]",
    });
    assert!(hub.messages("").await.is_empty());
}

async fn until_done(hub: &TestHub, sid: &Value) -> Value {
    let acme = hub.demo();
    let path = format!("/calls/{}", sid.as_str().expect("a sid"));
    hub.until("the call is done", async || {
        let call = hub.get(&acme, &path).await.expect(200);
        if call["status"] == "Done" { Ok(call) } else { Err(call.to_string()) }
    })
    .await
}

// C4
#[tokio::test(flavor = "multi_thread")]
async fn a_start_whose_agent_is_busy_is_queued_and_goes_out_when_the_agent_is_free() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let talk = with(integration("phone", TALKER), json!({"type": "conversational", "user_phone_number": AGENT}));
    let live = hub.started(&acme, talk).await;
    hub.until_status(&acme, &live, "In Progress").await;
    let queued = hub.post(&acme, "/start", conversation(ALEX)).await.expect(200);
    assert_eq!(queued["status"], "queued");
    assert_eq!(hub.messages("").await.len(), 1);

    // Only a conversation by voice needs the agent, and only that agent is busy.
    let sms = with(conversation(ALEX), json!({"channel": "sms"}));
    let informing = with(conversation(ALEX), json!({"type": "informational"}));
    let other_agent = with(conversation(ALEX), json!({"user_phone_number": "+14165558888"}));
    for body in [sms, informing, other_agent] {
        assert_eq!(hub.post(&acme, "/start", body).await.expect(200)["status"], "call_initiated");
    }

    hub.post(&acme, "/integration/cancel", json!({"engagement_id": live})).await.expect(200);
    hub.advance(SignedDuration::from_secs(40));
    let call = until_done(&hub, &queued["call_sid"]).await;
    assert!(call["call_sid"].as_str().is_some_and(|sid| sid.starts_with("CA")), "{call}");
}

// C4
#[tokio::test(flavor = "multi_thread")]
async fn a_start_whose_provider_is_throttled_is_queued() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for (channel, contact) in [("phone", THROTTLED), ("sms", THROTTLED)] {
        let now = hub.clock.now();
        let queued = hub.post(&acme, "/start", direct(channel, contact)).await.expect(200);
        assert_eq!(queued["status"], "queued");
        let at: jiff::Timestamp = queued["scheduled_time"].as_str().expect("a time").parse().expect("a time");
        let wait = at.duration_since(now.timestamp());
        assert!((1..=7).contains(&wait.as_secs()), "{wait}");
        hub.advance(SignedDuration::from_secs(10));
        until_done(&hub, &queued["call_sid"]).await;
    }
}

// C3: what the provider refuses for good is an error, and costs nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_the_provider_refuses_is_400_and_in_the_call_log() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let answer = hub.post(&acme, "/start", direct("phone", "+15005550001")).await;
    problem(&answer, 400);
    let log = hub.get(&acme, "/calls?domain_name=acme").await.expect(200);
    assert_eq!(log["calls"][0]["status"], "Failed");
    assert_eq!(log["calls"][0]["outcome"], "invalid_number");
    assert_eq!(hub.balance(&acme).await, 10_000);
}

// C5
#[tokio::test(flavor = "multi_thread")]
async fn a_direct_start_is_an_engagement_like_any_other() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let at = (hub.clock.now() + SignedDuration::from_hours(1)).to_string();
    let bodies = [
        direct("phone", ALEX),
        direct("sms", ALEX),
        direct("email", "a@example.com"),
        with(direct("phone", ALEX), json!({"scheduled_time": at})),
    ];
    for body in bodies {
        let started = hub.post(&acme, "/start", body.clone()).await.expect(200);
        assert!(started.get("engagement_id").is_none());
        let sid = started["call_sid"].as_str().expect("a sid");
        let path = format!("/integration/engagements?domain_name=acme&call_sid={sid}");
        let found = hub.get(&acme, &path).await.expect(200)["engagements"].clone();
        assert_eq!(found.as_array().map(Vec::len), Some(1), "{sid}");
        assert_eq!((&found[0]["call_sid"], &found[0]["channel"]), (&started["call_sid"], &body["channel"]));
        let id = found[0]["engagement_id"].as_str().expect("an id");
        assert_eq!(hub.report(&acme, id).await["channel"], body["channel"]);
    }
    assert_eq!(hub.balance(&acme).await, 9_996);
}

// C5: the sid it was queued under goes on being good.
#[tokio::test(flavor = "multi_thread")]
async fn a_queued_sid_is_found_after_the_call_was_placed() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let at = (hub.clock.now() + SignedDuration::from_hours(1)).to_string();
    let queued =
        hub.post(&acme, "/start", with(direct("phone", ALEX), json!({"scheduled_time": at}))).await.expect(200);
    hub.advance(SignedDuration::from_hours(2));
    let call = until_done(&hub, &queued["call_sid"]).await;
    assert_ne!(call["call_sid"], queued["call_sid"]);
    for sid in [&queued["call_sid"], &call["call_sid"]] {
        let path = format!("/integration/engagements?domain_name=acme&call_sid={}", sid.as_str().expect("a sid"));
        assert_eq!(hub.get(&acme, &path).await.expect(200)["engagements"].as_array().map(Vec::len), Some(1));
    }
}

// C1
#[tokio::test(flavor = "multi_thread")]
async fn a_direct_start_needs_a_contact_that_fits_its_channel() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for (body, field) in [
        (without(direct("phone", ALEX), "phone_number"), "phone_number"),
        (without(direct("email", "a@example.com"), "email_address"), "email_address"),
        (direct("phone", "a@example.com"), "phone_number"),
        (direct("email", ALEX), "email_address"),
    ] {
        let answer = hub.post(&acme, "/start", body).await;
        problem(&answer, 400);
        assert_eq!(answer.faulty_fields(), [field]);
    }
}
