//! What a conversation over Twilio comes to: its domain is told, its batch counts it, its calendar and its lists know it.

use hub_fixture::twilio::{Behaviour, Placed};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use wiremock::matchers::{body_string_contains, method};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::support::{Line, contact};
use crate::conversations::{booking_status, open_calendar};
use crate::requests::{AGENT, ALEX, JORDAN, integration, with};
use crate::setup;

/// Alex takes a call of this engagement and says this, once.
async fn talked(line: &Line, id: &str, speech: &str) {
    let call = line.placed(id, ALEX).await;
    let opening = line.twilio.answer(&call, "human").await;
    line.twilio.say(&call, &opening, Some(speech)).await;
}

/// Alex is told this engagement's opening over a channel, and says or writes this.
async fn replied(line: &Line, channel: &str, id: &str, text: &str) {
    match channel {
        "phone" | "wvoice" => talked(line, id, text).await,
        _ => {
            line.sent(id, ALEX).await;
            line.writes(channel, &format!("SM{}", id.trim_start_matches("eng_")), text).await;
        }
    }
}

// G1, I5
#[tokio::test(flavor = "multi_thread")]
async fn rows_that_end_at_the_carrier_are_told_and_counted() {
    let line = Line::open().await;
    let hook = json!({"domain_name": "acme", "url": "http://127.0.0.1:1/hook"});
    line.hub.put(&line.acme, "/account-settings/webhook", hook).await.expect(200);
    let row = |number: usize, channel: &str, kind: &str| json!({"phone_number": contact(number), "channel": channel, "call_type": kind, "instruction": "Say hello."});
    let rows = [row(1, "phone", "informational"), row(2, "phone", "informational"), row(3, "sms", "conversational")];
    let batch = line.hub.post(&line.acme, "/bulk-calls/submit", json!({"domain_name": "acme", "rows": rows})).await;
    let batch_id = batch.text("batch_id").to_owned();
    let calls: Vec<Placed> = line
        .hub
        .until("all rows are placed", || async {
            let (calls, messages) = (line.twilio.calls(), line.twilio.messages().len());
            if calls.len() == 2 && messages == 1 { Ok(calls) } else { Err(format!("{} {messages}", calls.len())) }
        })
        .await;
    line.twilio.answer(&calls[0], "human").await;
    line.twilio.report_call(&calls[1], "busy", &[("SipResponseCode", "486")]).await;
    line.writes_as(&contact(3), "sms", "SM1", "STOP").await;
    line.hub
        .until("the batch has ended", || async {
            let batch = line.hub.get(&line.acme, &format!("/bulk-calls/batches/{batch_id}")).await.expect(200);
            if batch["status"] == "Completed" { Ok(()) } else { Err(batch.to_string()) }
        })
        .await;
    let path = line.acme.at("/account-settings/webhook/deliveries");
    let deliveries = line.hub.get(&line.acme, &path).await.expect(200);
    assert!(deliveries["deliveries"].as_array().is_some_and(|all| all.len() >= 6), "{deliveries}");
}

// M5, M6
#[tokio::test(flavor = "multi_thread")]
async fn a_booking_is_confirmed_declined_or_made_in_the_calendar() {
    for channel in ["phone", "sms"] {
        for (said, status) in [("Yes, I will be there.", "confirmed"), ("No, I cannot come.", "declined")] {
            let line = Line::open().await;
            let booking_id = setup::booking(&line.hub, &line.acme).await;
            let fields =
                json!({"type": "confirmational", "booking_id": booking_id, "instruction": "Your visit is soon."});
            let id = line.start_with(channel, fields).await;
            replied(&line, channel, &id, said).await;
            line.until(&id, "Completed").await;
            assert_eq!(booking_status(&line.hub, &line.acme, &booking_id).await, status, "{channel}");
        }
        let line = Line::open().await;
        open_calendar(&line.hub, &line.acme).await;
        let id = line.start_with(channel, json!({"type": "appointment_booking"})).await;
        replied(&line, channel, &id, "The first one, please: 1").await;
        let report = line.until(&id, "Completed").await;
        assert_eq!(report["outcome"], "booked", "{channel}");
    }
}

async fn cancel_booking(line: &Line, booking_id: &str) {
    let path = line.acme.at(&format!("/bookings/{booking_id}"));
    line.hub.call(Method::DELETE, &path, &line.acme.api_key, None, &[]).await.expect(200);
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_asked_to_confirm_a_booking_that_was_cancelled_meanwhile() {
    for channel in ["phone", "sms"] {
        let line = Line::open().await;
        let booking_id = setup::booking(&line.hub, &line.acme).await;
        let at = (line.hub.now() + SignedDuration::from_hours(1)).to_string();
        let fields = json!({"type": "confirmational", "booking_id": booking_id, "scheduled_time": at});
        let id = line.start_with(channel, fields).await;
        cancel_booking(&line, &booking_id).await;
        line.hub.advance(SignedDuration::from_hours(1));
        let report = line.until(&id, "Failed").await;
        assert_eq!(report["outcome"], "refused", "{channel}");
        let summary = report["summary"].as_str().unwrap_or_default();
        assert!(summary.contains(&booking_id) && summary.contains("was cancelled"), "{summary}");
        assert_eq!((line.twilio.asked(), line.hub.balance(&line.acme).await), (0, 10_000), "{channel}");
    }
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn yes_does_not_bring_back_a_booking_that_was_cancelled() {
    for channel in ["phone", "sms"] {
        let line = Line::open().await;
        let booking_id = setup::booking(&line.hub, &line.acme).await;
        let id = line.start_with(channel, json!({"type": "confirmational", "booking_id": booking_id})).await;
        match channel {
            "phone" => {
                let call = line.placed(&id, ALEX).await;
                let opening = line.twilio.answer(&call, "human").await;
                cancel_booking(&line, &booking_id).await;
                let asked = line.twilio.say(&call, &opening, Some("Yes")).await;
                line.twilio.say(&call, &asked, Some("Tomorrow at noon")).await;
            }
            _ => {
                line.sent(&id, ALEX).await;
                cancel_booking(&line, &booking_id).await;
                line.writes(channel, "SM1", "Yes").await;
                line.writes(channel, "SM2", "Tomorrow at noon").await;
            }
        }
        let report = line.until(&id, "Completed").await;
        assert_eq!(report["outcome"], "conversed", "{channel}");
        assert!(report["history"].to_string().contains("which was cancelled"), "{report}");
        assert!(report["summary"].as_str().is_some_and(|it| it.contains("Tomorrow at noon")), "{report}");
        assert_eq!(booking_status(&line.hub, &line.acme, &booking_id).await, "cancelled", "{channel}");
    }
}

// M4
#[tokio::test(flavor = "multi_thread")]
async fn a_contact_who_asks_for_it_in_a_call_is_left_alone() {
    let line = Line::open().await;
    let id = line.start_with("phone", json!({"type": "conversational"})).await;
    talked(&line, &id, "Stop calling me").await;
    assert_eq!(line.until(&id, "Completed").await["outcome"], "opted_out");
    let again = integration(&line.acme, "phone", ALEX);
    line.hub.post(&line.acme, "/integration/start", again).await.expect(403);
}

// C4, D3
#[tokio::test(flavor = "multi_thread")]
async fn the_next_conversation_of_an_agent_begins_when_the_agent_is_free() {
    let line = Line::open().await;
    let live = json!({"type": "conversational", "user_phone_number": AGENT});
    let first = line.start_with("phone", live.clone()).await;
    let call = line.placed(&first, ALEX).await;
    let next = line.hub.started(&line.acme, with(integration(&line.acme, "phone", JORDAN), live)).await;
    line.hub
        .until("it waits for the agent", || async {
            let report = line.report(&next).await;
            if report.to_string().contains("agent is busy") { Ok(()) } else { Err(report.to_string()) }
        })
        .await;
    let opening = line.twilio.answer(&call, "human").await;
    let dialling = line.twilio.say(&call, &opening, Some("I want to speak to an agent")).await;
    line.twilio.dialled(&call, &dialling, "completed").await;
    line.placed(&next, JORDAN).await;
}

/// A model that says this in every turn, and writes this opening.
async fn model(opening: &str, turn: &str) -> MockServer {
    let server = MockServer::start().await;
    let says = |text: &str| {
        ResponseTemplate::new(200).set_body_json(json!({
            "output": {"message": {"role": "assistant", "content": [{"text": text}]}},
            "stopReason": "end_turn",
            "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2},
            "metrics": {"latencyMs": 1},
        }))
    };
    let turns = Mock::given(method("POST")).and(body_string_contains("toolConfig"));
    turns.respond_with(says(turn)).mount(&server).await;
    Mock::given(method("POST")).respond_with(says(opening)).with_priority(10).mount(&server).await;
    server
}

// M5
#[tokio::test(flavor = "multi_thread")]
async fn a_model_leads_calls_and_messages_through_the_carrier() {
    let model = model("We open at nine.", "It is five dollars.").await;
    for channel in ["phone", "sms"] {
        let line = Line::led_by(model.uri()).await;
        let id = line
            .start_with(channel, json!({"type": "conversational", "instruction": "We open at nine o'clock."}))
            .await;
        replied(&line, channel, &id, "What does it cost?").await;
        let said = line
            .hub
            .until("it is answered", || async {
                let report = line.report(&id).await;
                let answered = report["transcript"].as_array().is_some_and(|turns| turns.len() == 3);
                if answered { Ok(report["transcript"][2]["content"].clone()) } else { Err(report.to_string()) }
            })
            .await;
        assert_eq!(said, Value::from("It is five dollars."), "{channel}");
    }
}

// M5
#[tokio::test(flavor = "multi_thread")]
async fn every_attempt_tells_what_the_model_wrote_for_the_first() {
    let model = model("We open at nine.", "Never said.").await;
    let line = Line::led_by(model.uri()).await;
    line.twilio.next(Behaviour::Refuses(503, 20_503), 1);
    let id = line.start_with("sms", json!({"instruction": "Tell them that we open at nine o'clock."})).await;
    line.hub
        .until("it is put off", || async {
            let report = line.report(&id).await;
            if report.to_string().contains("Retried") { Ok(()) } else { Err(report.to_string()) }
        })
        .await;
    line.hub.advance(SignedDuration::from_secs(61));
    let sent = line.sent(&id, ALEX).await;
    assert_eq!(sent.form.get("Body"), Some("We open at nine."));
    assert_eq!(model.received_requests().await.map(|asked| asked.len()), Some(1));
}
