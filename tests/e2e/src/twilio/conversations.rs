//! Calls that talk: what Twilio is told to say, and what it hears (checklist M5, D3).

use std::time::Duration;

use serde_json::json;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::support::{Line, VOICE, events};
use crate::anywhere::control::steer;
use crate::requests::{AGENT, ALEX, JORDAN, integration, with};
use crate::setup;

async fn started(line: &Line, changes: serde_json::Value) -> String {
    line.hub.started(&line.acme, with(integration(&line.acme, "phone", ALEX), changes)).await
}

// M5
#[tokio::test(flavor = "multi_thread")]
async fn an_informational_call_says_the_message_and_hangs_up() {
    let line = Line::open().await;
    let id = started(&line, json!({"instruction": "Doors open at <9> & close at \"5\"."})).await;
    let call = line.placed(&id, ALEX).await;
    let reply = line.twilio.answer(&call, "human").await;
    assert_eq!(reply.status, 200);
    insta::assert_snapshot!(reply.body, @r#"<?xml version="1.0" encoding="UTF-8"?><Response><Say language="en-US" voice="Polly.Joanna">Doors open at &lt;9&gt; &amp; close at &quot;5&quot;.</Say><Hangup/></Response>"#);
    line.twilio.report_call(&call, "completed", &[("AnsweredBy", "human")]).await;
    let report = line.until(&id, "Completed").await;
    assert_eq!(report["outcome"], "answered");
    assert_eq!(report["transcript"].as_array().map(Vec::len), Some(1));
}

// M5
#[tokio::test(flavor = "multi_thread")]
async fn a_voicemail_gets_the_message_after_the_beep() {
    let line = Line::open().await;
    for kind in ["informational", "conversational"] {
        let id = started(&line, json!({"type": kind, "instruction": "We close early today."})).await;
        let call = line.placed(&id, ALEX).await;
        assert_eq!(call.form.get("MachineDetection"), Some("DetectMessageEnd"));
        let reply = line.twilio.answer(&call, "machine_end_beep").await;
        assert!(reply.texts("Say").concat().starts_with("We close early today."), "{}", reply.body);
        assert!(reply.body.contains("<Hangup/>") && !reply.body.contains("Gather"), "{}", reply.body);
        line.twilio.report_call(&call, "completed", &[("AnsweredBy", "machine_end_beep")]).await;
        let report = line.until(&id, "Completed").await;
        assert_eq!(report["outcome"], "voicemail", "{kind}");
    }
}

// M5
#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_is_heard_turn_by_turn_and_answered_once_though_asked_twice() {
    let line = Line::open().await;
    let booking_id = setup::booking(&line.hub, &line.acme).await;
    let id = started(
        &line,
        json!({"type": "confirmational", "booking_id": booking_id, "instruction": "Your visit is at 9."}),
    )
    .await;
    let call = line.placed(&id, ALEX).await;
    let opening = line.twilio.answer(&call, "human").await;
    for (name, value) in [("input", "speech"), ("language", "en-US"), ("bargeIn", "true")] {
        assert_eq!(opening.attribute("Gather", name).as_deref(), Some(value));
    }
    assert_eq!(line.twilio.answer(&call, "human").await, opening, "asked twice");
    let unheard = line.twilio.say(&call, &opening, None).await;
    assert!(unheard.body.contains("<Gather"), "{}", unheard.body);
    let goodbye = line.twilio.say(&call, &unheard, Some("Yes, I will be there.")).await;
    assert_eq!(line.twilio.say(&call, &unheard, Some("Yes, I will be there.")).await, goodbye, "delivered twice");
    assert!(goodbye.body.contains("<Hangup/>"), "{}", goodbye.body);
    line.twilio.report_call(&call, "completed", &[("AnsweredBy", "human")]).await;
    let report = line.until(&id, "Completed").await;
    assert_eq!(report["outcome"], "confirmed");
    let said = report["transcript"].as_array().expect("a transcript").iter();
    assert_eq!(said.filter(|turn| turn["role"] == "user").count(), 1, "{report}");
    assert_eq!(events(&report), ["Queued", "Sent", "Ended"]);
}

// M5
#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_that_comes_to_nothing_is_brought_to_its_end() {
    let line = Line::open().await;
    let id = started(&line, json!({"type": "conversational"})).await;
    let call = line.placed(&id, ALEX).await;
    assert_eq!(call.form.get("TimeLimit"), Some("7200"));
    let mut said = line.twilio.answer(&call, "human").await;
    for _ in 1..30 {
        said = line.twilio.say(&call, &said, Some("What does it cost?")).await;
        assert!(said.body.contains("<Gather"), "{}", said.body);
    }
    let last = line.twilio.say(&call, &said, Some("What does it cost?")).await;
    assert!(last.body.contains("<Hangup/>"), "{}", last.body);
    assert_eq!(line.until(&id, "Completed").await["outcome"], "conversed");
}

// M5
#[tokio::test(flavor = "multi_thread")]
async fn yes_is_yes_whatever_time_is_named_with_it() {
    for said in ["Yes, see you at 9", "Yes, see you later!"] {
        let line = Line::open().await;
        let booking_id = setup::booking(&line.hub, &line.acme).await;
        let id = started(&line, json!({"type": "confirmational", "booking_id": booking_id})).await;
        let call = line.placed(&id, ALEX).await;
        let opening = line.twilio.answer(&call, "human").await;
        line.twilio.say(&call, &opening, Some(said)).await;
        assert_eq!(line.until(&id, "Completed").await["outcome"], "confirmed", "{said}");
    }
}

// F3
#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_held_waits_and_asks_again_until_it_goes_on() {
    let line = Line::open().await;
    let id = started(&line, json!({"type": "conversational"})).await;
    let call = line.placed(&id, ALEX).await;
    let opening = line.twilio.answer(&call, "human").await;
    steer(&line.hub, &line.acme, "pause", &id).await;
    let held = line.twilio.say(&call, &opening, Some("What does it cost?")).await;
    assert_eq!(
        (held.texts("Say").len(), held.attribute("Pause", "length").as_deref()),
        (1, Some("2")),
        "{}",
        held.body
    );
    let again = held.texts("Redirect").concat();
    assert!(again.ends_with("&turn=1") && again.contains("/carriers/twilio/voice/turn?"), "{again}");
    let fields = [("CallSid", call.sid.as_str()), ("CallStatus", "in-progress")];
    let still = line.twilio.post(&again, &fields).await;
    assert_eq!((still.texts("Say").len(), still.texts("Redirect").concat()), (0, again.clone()), "{}", still.body);
    steer(&line.hub, &line.acme, "resume", &id).await;
    let answered = line.twilio.post(&again, &fields).await;
    assert!(answered.attribute("Gather", "action").is_some_and(|it| it.ends_with("&turn=2")), "{}", answered.body);
    let report = line.report(&id).await;
    let asked = report["transcript"].as_array().expect("turns").iter();
    assert_eq!(asked.filter(|turn| turn["content"] == "What does it cost?").count(), 1, "{report}");
}

// F3, M2
#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_held_while_it_rings_tells_a_machine_what_machines_are_told() {
    let line = Line::open().await;
    let id = started(&line, json!({})).await;
    let call = line.placed(&id, ALEX).await;
    steer(&line.hub, &line.acme, "pause", &id).await;
    let held = line.twilio.answer(&call, "machine_end_beep").await;
    let again = held.texts("Redirect").concat();
    assert!(again.contains("/carriers/twilio/voice/answer?"), "{}", held.body);
    steer(&line.hub, &line.acme, "resume", &id).await;
    let fields = [("CallSid", call.sid.as_str()), ("CallStatus", "in-progress")];
    let told = line.twilio.post(&again, &fields).await;
    assert!(told.body.contains("<Hangup/>") && !told.texts("Say").is_empty(), "{}", told.body);
    assert_eq!(line.until(&id, "Completed").await["outcome"], "voicemail");
}

// M2, M5
#[tokio::test(flavor = "multi_thread")]
async fn what_a_model_decided_counts_though_the_contact_has_hung_up_meanwhile() {
    let model = MockServer::start().await;
    let said = json!({"output": {"message": {"role": "assistant", "content": [{"text": "We open at nine."}]}},
        "stopReason": "end_turn", "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}, "metrics": {"latencyMs": 1}});
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(200).set_body_json(said))
        .up_to_n_times(1)
        .mount(&model)
        .await;
    let stops = json!({"output": {"message": {"role": "assistant", "content": [
            {"toolUse": {"toolUseId": "t1", "name": "stop_contacting", "input": {}}}]}},
        "stopReason": "tool_use", "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}, "metrics": {"latencyMs": 1}});
    let slow = ResponseTemplate::new(200).set_body_json(stops).set_delay(Duration::from_millis(1_500));
    Mock::given(method("POST")).respond_with(slow).mount(&model).await;
    let line = Line::led_by(model.uri()).await;
    let id = line.start_with("phone", json!({"type": "conversational"})).await;
    let call = line.placed(&id, ALEX).await;
    let opening = line.twilio.answer(&call, "human").await;
    let hangs_up = async {
        let asked = async || match model.received_requests().await.map_or(0, |asked| asked.len()) {
            2.. => Ok(()),
            asked => Err(asked.to_string()),
        };
        line.hub.until("the model thinks", asked).await;
        line.twilio.report_call(&call, "completed", &[]).await;
    };
    futures::join!(line.twilio.say(&call, &opening, Some("Leave me alone.")), hangs_up);
    let report = line.report(&id).await;
    assert_eq!((&report["status"], &report["outcome"]), (&json!("Completed"), &json!("opted_out")), "{report}");
    assert!(report["transcript"].to_string().contains("Leave me alone."), "{report}");
}

// D3
#[tokio::test(flavor = "multi_thread")]
async fn the_contact_is_connected_to_the_agent_or_told_that_nobody_answers() {
    for (status, outcome) in [("completed", Some("conversed")), ("no-answer", None)] {
        let line = Line::open().await;
        let id = started(&line, json!({"type": "conversational", "user_phone_number": AGENT})).await;
        let call = line.placed(&id, ALEX).await;
        let opening = line.twilio.answer(&call, "human").await;
        let dialling = line.twilio.say(&call, &opening, Some("I want to speak to an agent")).await;
        assert_eq!(dialling.texts("Number"), [AGENT]);
        assert_eq!(dialling.attribute("Dial", "callerId").as_deref(), Some(VOICE));
        let after = line.twilio.dialled(&call, &dialling, status).await;
        match outcome {
            Some(outcome) => {
                assert!(after.body.contains("<Hangup/>"), "{}", after.body);
                assert_eq!(line.report(&id).await["outcome"], outcome);
            }
            None => {
                assert!(after.body.contains("<Gather"), "{}", after.body);
                line.twilio.say(&call, &after, Some("Tomorrow at noon")).await;
                assert!(line.report(&id).await.to_string().contains("Tomorrow at noon"));
            }
        }
    }
}

// M5
#[tokio::test(flavor = "multi_thread")]
async fn a_contact_who_hangs_up_in_the_middle_has_ended_the_conversation() {
    let line = Line::open().await;
    let id = started(&line, json!({"type": "conversational"})).await;
    let call = line.placed(&id, ALEX).await;
    let opening = line.twilio.answer(&call, "human").await;
    line.twilio.say(&call, &opening, Some("Wait a second")).await;
    line.twilio.report_call(&call, "completed", &[("AnsweredBy", "human"), ("SipResponseCode", "200")]).await;
    let report = line.until(&id, "Completed").await;
    assert_eq!(report["outcome"], "conversed");
}

// M5
#[tokio::test(flavor = "multi_thread")]
async fn every_language_is_spoken_and_heard_as_itself() {
    let line = Line::open().await;
    for (language, hears) in [("ar", "ar-EG"), ("fa", "fa-IR"), ("ja", "ja-JP"), ("es", "es-MX")] {
        let id = started(&line, json!({"type": "conversational", "language": language})).await;
        let call = line.placed(&id, ALEX).await;
        let opening = line.twilio.answer(&call, "human").await;
        assert_eq!(opening.attribute("Gather", "language").as_deref(), Some(hears));
    }
}

// M5
#[tokio::test(flavor = "multi_thread")]
async fn only_the_carrier_hears_what_a_call_says() {
    let line = Line::open().await;
    let id = started(&line, json!({"type": "conversational"})).await;
    let call = line.placed(&id, ALEX).await;
    let url = call.form.get("Url").expect("an address");
    let forged = line.twilio.post_signed_with("another-token", url, &[("CallSid", &call.sid)]).await;
    assert_eq!(forged.status, 403);
    let strange = line.twilio.post(url, &[("CallSid", "CA99999999999999999999999999999999")]).await;
    assert!(strange.body.contains("<Response><Hangup/></Response>"), "{}", strange.body);
}

// F3
#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_was_called_off_is_told_to_hang_up_when_it_is_answered() {
    let line = Line::open().await;
    let id = started(&line, json!({"type": "conversational"})).await;
    let call = line.placed(&id, ALEX).await;
    steer(&line.hub, &line.acme, "cancel", &id).await;
    let reply = line.twilio.answer(&call, "human").await;
    assert!(reply.body.contains("<Hangup/>") && !reply.body.contains("<Say"), "{}", reply.body);
}

// C4
#[tokio::test(flavor = "multi_thread")]
async fn the_next_conversation_of_an_agent_begins_when_the_line_of_the_one_before_goes_down() {
    for status in ["busy", "completed"] {
        let line = Line::open().await;
        let live = json!({"type": "conversational", "user_phone_number": AGENT});
        let first = started(&line, live.clone()).await;
        let call = line.placed(&first, ALEX).await;
        let next = line.hub.started(&line.acme, with(integration(&line.acme, "phone", JORDAN), live)).await;
        line.hub
            .until("it waits for the agent", || async {
                let report = line.report(&next).await;
                if report.to_string().contains("agent is busy") { Ok(()) } else { Err(report.to_string()) }
            })
            .await;
        line.twilio.report_call(&call, status, &[]).await;
        line.placed(&next, JORDAN).await;
    }
}
