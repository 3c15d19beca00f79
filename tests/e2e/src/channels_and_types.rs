//! Channels, types, and what must be set up for them (checklist D).

use futures::future::join_all;
use hub_fixture::TestHub;
use serde_json::json;

use crate::problem::{problem, state};
use crate::requests::{ALEX, direct, integration, with};
use crate::setup::{booking, calendar};

// D1
#[tokio::test(flavor = "multi_thread")]
async fn every_channel_informs() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let informed = ["phone", "sms", "wmsg", "wvoice", "email"].map(async |channel| {
        let contact = if channel == "email" { "a@example.com" } else { ALEX };
        let id = hub.started(&acme, with(integration(&acme, channel, contact), json!({"type": "informational"}))).await;
        hub.until_status(&acme, &id, "Completed").await;
        assert_eq!(hub.messages(&format!("channel={channel}")).await.len(), 1, "{channel}");
    });
    join_all(informed).await;
}

// D1
#[tokio::test(flavor = "multi_thread")]
async fn everything_but_email_converses_confirms_and_books() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let booking_id = booking(&hub, &acme).await;
    for channel in ["phone", "sms", "wmsg", "wvoice"] {
        for kind in ["conversational", "confirmational", "appointment_booking"] {
            let fields = json!({"type": kind, "booking_id": booking_id});
            hub.started(&acme, with(integration(&acme, channel, ALEX), fields)).await;
        }
    }
}

// D1
#[tokio::test(flavor = "multi_thread")]
async fn email_does_nothing_but_inform() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let booking_id = booking(&hub, &acme).await;
    let before = state(&hub, &acme).await;
    for kind in ["conversational", "confirmational", "appointment_booking"] {
        let body = with(integration(&acme, "email", "a@example.com"), json!({"type": kind, "booking_id": booking_id}));
        let answer = hub.post(&acme, "/integration/start", body).await;
        assert!(problem(&answer, 400).contains("informational"));
        assert_eq!(answer.faulty_fields(), ["type"]);
    }
    assert_eq!(state(&hub, &acme).await, before);
}

// D1
#[tokio::test(flavor = "multi_thread")]
async fn a_confirmation_needs_a_booking_that_exists() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let booking_id = booking(&hub, &acme).await;
    let body = with(direct(&acme, "phone", ALEX), json!({"type": "confirmational"}));
    let answer = hub.post(&acme, "/start", body.clone()).await;
    assert!(problem(&answer, 400).contains("required"));
    assert_eq!(answer.faulty_fields(), ["booking_id"]);
    let answer = hub.post(&acme, "/start", with(body.clone(), json!({"booking_id": "booking-2"}))).await;
    assert!(problem(&answer, 400).contains("does not exist"));
    assert_eq!(answer.faulty_fields(), ["booking_id"]);
    hub.post(&acme, "/start", with(body, json!({"booking_id": booking_id}))).await.expect(200);
}

// D1
#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_booking_cannot_be_confirmed() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let booking_id = booking(&hub, &acme).await;
    let path = acme.at(&format!("/bookings/{booking_id}"));
    hub.call(reqwest::Method::DELETE, &path, &acme.api_key, None, &[]).await.expect(200);
    let before = state(&hub, &acme).await;
    let fields = json!({"type": "confirmational", "booking_id": booking_id});
    for (route, body) in
        [("/start", direct(&acme, "phone", ALEX)), ("/integration/start", integration(&acme, "sms", ALEX))]
    {
        let answer = hub.post(&acme, route, with(body, fields.clone())).await;
        assert!(problem(&answer, 400).contains("is cancelled"));
        assert_eq!(answer.faulty_fields(), ["booking_id"]);
    }
    assert_eq!(state(&hub, &acme).await, before);
}

// D1
#[tokio::test(flavor = "multi_thread")]
async fn booking_an_appointment_needs_a_calendar() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let body = with(direct(&acme, "phone", ALEX), json!({"type": "appointment_booking"}));
    assert!(problem(&hub.post(&acme, "/start", body.clone()).await, 400).contains("calendar"));
    calendar(&hub, &acme, json!({})).await;
    hub.post(&acme, "/start", body).await.expect(200);
}

// D3
#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_takes_an_agent_whose_number_is_checked() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for field in ["user_phone_number", "initiator_phone_number"] {
        let talk = with(direct(&acme, "phone", ALEX), json!({"type": "conversational"}));
        let started = hub.post(&acme, "/start", with(talk.clone(), json!({field: "4165559999"}))).await.expect(200);
        assert_eq!(started["status"], "call_initiated");
        hub.advance(jiff::SignedDuration::from_mins(1));
        let path = format!("/calls/{}", started["call_sid"].as_str().expect("a sid"));
        hub.until("the agent is free", async || {
            let call = hub.get(&acme, &path).await.expect(200);
            if call["completed_at"].is_string() { Ok(()) } else { Err(call.to_string()) }
        })
        .await;
        let answer = hub.post(&acme, "/start", with(talk, json!({field: "+0000"}))).await;
        problem(&answer, 400);
        assert_eq!(answer.faulty_fields(), [field]);
    }
}
