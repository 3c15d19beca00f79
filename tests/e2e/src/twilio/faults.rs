//! A Twilio that is busy, out of order or silent: nothing is lost and nobody is called twice (DESIGN §4).

use hub_fixture::twilio::Behaviour;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::support::{Line, VOICE, carrier, contact, events};
use crate::conversations::{booking_status, new_booking};
use crate::requests::{ALEX, with};

async fn until_event(line: &Line, id: &str, event: &str) -> Value {
    line.hub
        .until(&format!("{event} happened to {id}"), || async {
            let report = line.report(id).await;
            if events(&report).contains(&event) { Ok(report) } else { Err(report.to_string()) }
        })
        .await
}

/// A moment more than a claim lasts.
fn lease(line: &Line) -> SignedDuration {
    line.hub.local.hub.settings.pace.lease + SignedDuration::from_secs(1)
}

/// A moment more than evidence is awaited.
fn grace(line: &Line) -> SignedDuration {
    line.hub.local.hub.settings.pace.grace + SignedDuration::from_secs(1)
}

async fn until_asked(line: &Line) {
    line.hub
        .until("Twilio was asked", || async { if line.twilio.asked() > 0 { Ok(()) } else { Err("no".to_owned()) } })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_twilio_that_is_busy_or_out_of_order_is_asked_again_later() {
    for (behaviour, event) in
        [(Behaviour::Refuses(429, 20_429), "Postponed"), (Behaviour::Refuses(503, 20_503), "Retried")]
    {
        for channel in ["phone", "sms"] {
            let line = Line::open().await;
            line.twilio.next(behaviour, 1);
            let id = line.start(channel, ALEX).await;
            until_event(&line, &id, event).await;
            line.hub.advance(SignedDuration::from_secs(61));
            until_event(&line, &id, "Sent").await;
            assert_eq!((line.twilio.asked(), line.twilio.calls().len() + line.twilio.messages().len()), (2, 1));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_twilio_took_without_an_answer_is_found_in_its_list_and_not_sent_again() {
    for behaviour in [Behaviour::BreaksAfter, Behaviour::FailsAfter] {
        for channel in ["phone", "sms", "wmsg"] {
            let line = Line::open().await;
            line.twilio.next(behaviour, 1);
            let id = line.start(channel, ALEX).await;
            until_asked(&line).await;
            line.hub.advance(lease(&line));
            let report = line.until(&id, "In Progress").await;
            assert_eq!(events(&report), ["Queued", "Unconfirmed", "Sent"], "{channel} {behaviour:?}");
            line.hub.advance(grace(&line));
            assert_eq!(line.twilio.asked(), 1, "{channel} {behaviour:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_found_though_its_sender_was_changed_meanwhile() {
    let line = Line::open().await;
    line.twilio.next(Behaviour::BreaksAfter, 1);
    let id = line.start("phone", ALEX).await;
    until_asked(&line).await;
    line.hub.advance(SignedDuration::from_secs(1));
    line.set(with(carrier(), json!({"voice_from": "+14165550109"}))).await.expect(200);
    line.hub.advance(lease(&line));
    line.until(&id, "In Progress").await;
    line.hub.advance(grace(&line));
    let froms: Vec<_> = line.twilio.calls().iter().map(|call| call.form.get("From").map(str::to_owned)).collect();
    assert_eq!((froms, line.twilio.asked()), (vec![Some(VOICE.to_owned())], 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_is_evidence_before_anyone_asks() {
    let line = Line::open().await;
    line.twilio.next(Behaviour::BreaksAfter, 1);
    let id = line.start("phone", ALEX).await;
    let call = line
        .hub
        .until("the call is placed", || async { line.twilio.calls().pop().ok_or_else(|| "not yet".to_owned()) })
        .await;
    line.twilio.report_call(&call, "ringing", &[]).await;
    line.until(&id, "In Progress").await;
    line.twilio.report_call(&call, "busy", &[]).await;
    let report = line.until(&id, "Failed").await;
    assert_eq!(events(&report), ["Queued", "Sent", "Ended"]);
    line.hub.advance(lease(&line) + grace(&line));
    assert_eq!(line.twilio.asked(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_twilio_never_took_is_sent_by_a_new_attempt_after_the_grace() {
    for channel in ["phone", "sms"] {
        let line = Line::open().await;
        line.twilio.next(Behaviour::BreaksBefore, 1);
        let id = line.start(channel, ALEX).await;
        until_asked(&line).await;
        line.hub.advance(lease(&line));
        until_event(&line, &id, "Unconfirmed").await;
        line.hub.advance(grace(&line));
        let report = line.until(&id, "In Progress").await;
        assert_eq!(events(&report), ["Queued", "Unconfirmed", "Retried", "Sent"], "{channel}");
        assert_eq!((line.twilio.asked(), line.twilio.calls().len() + line.twilio.messages().len()), (2, 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_whose_opening_only_evidence_tells_of_is_led_and_ended_like_any_other() {
    for called_back in [true, false] {
        let line = Line::open().await;
        line.twilio.next(Behaviour::BreaksAfter, 1);
        let id = line.start_with("sms", json!({"type": "conversational"})).await;
        let taken = || async { line.twilio.messages().pop().ok_or_else(|| "not yet".to_owned()) };
        let sent = line.hub.until("Twilio has taken it", taken).await;
        match called_back {
            true => drop(line.twilio.report_message(&sent, "sent", &[]).await),
            false => line.hub.advance(lease(&line)),
        }
        line.until(&id, "In Progress").await;
        line.hub.advance(SignedDuration::from_hours(25));
        let report = line.until(&id, "Completed").await;
        assert_eq!((&report["outcome"], line.twilio.asked()), (&json!("delivered"), 1), "{called_back}");
        assert_eq!(report["transcript"].as_array().map(Vec::len), Some(1), "{report}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_in_another_conversation_with_the_contact_is_no_evidence() {
    let line = Line::open().await;
    let earlier = line.start_with("sms", json!({"type": "conversational"})).await;
    line.sent(&earlier, ALEX).await;
    line.twilio.next(Behaviour::BreaksBefore, 1);
    let id = line.start_with("sms", json!({"type": "conversational", "instruction": "We move."})).await;
    line.hub
        .until("Twilio was asked", || async { if line.twilio.asked() > 1 { Ok(()) } else { Err("no".to_owned()) } })
        .await;
    line.writes("sms", "SM1", "What does it cost?").await;
    line.hub.advance(lease(&line));
    until_event(&line, &id, "Unconfirmed").await;
    line.hub.advance(grace(&line));
    line.until(&id, "In Progress").await;
    let said: Vec<String> =
        line.twilio.messages().iter().map(|sent| sent.form.get("Body").expect("a text").to_owned()).collect();
    assert!(said.len() == 3 && said[2].starts_with("We move."), "{said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_nobody_takes_is_given_up_and_the_conversation_ends() {
    let line = Line::open().await;
    let id = line.start_with("sms", json!({"type": "conversational"})).await;
    line.sent(&id, ALEX).await;
    line.twilio.next(Behaviour::Refuses(503, 20_503), 100);
    line.writes("sms", "SM1", "What does it cost?").await;
    let given_up = async || {
        line.hub.advance(SignedDuration::from_mins(16));
        let report = line.report(&id).await;
        if report["status"] == "Failed" { Ok(report) } else { Err(report.to_string()) }
    };
    let report = line.hub.until("it is given up", given_up).await;
    assert!(report["summary"].as_str().is_some_and(|why| why.contains("after 16 attempts")), "{report}");
    assert_eq!(line.sent_to(ALEX).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_only_waits_for_its_turn_is_never_given_up() {
    let line = Line::open().await;
    let id = line.start_with("sms", json!({"type": "conversational"})).await;
    line.sent(&id, ALEX).await;
    line.twilio.next(Behaviour::Refuses(429, 20_429), 20);
    line.writes("sms", "SM1", "What does it cost?").await;
    let has_left = async || {
        line.hub.advance(SignedDuration::from_mins(1));
        let sent = line.sent_to(ALEX).len();
        if sent == 2 { Ok(()) } else { Err(format!("{} asked for, {sent} sent", line.twilio.asked())) }
    };
    line.hub.until("the reply has left", has_left).await;
    assert_eq!(line.report(&id).await["status"], "In Progress");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_conversation_has_come_to_stays_though_its_last_reply_is_refused() {
    let line = Line::open().await;
    let booking = new_booking(&line.hub, &line.acme).await;
    let id = line.start_with("sms", json!({"type": "confirmational", "booking_id": booking})).await;
    line.sent(&id, ALEX).await;
    line.twilio.next(Behaviour::Refuses(400, 21_606), 1);
    line.writes("sms", "SM1", "Yes").await;
    let report = line.until(&id, "Completed").await;
    assert_eq!(report["outcome"], "confirmed");
    assert!(report["history"].to_string().contains("The last reply was not sent: "), "{report}");
    assert_eq!(booking_status(&line.hub, &line.acme, &booking).await, "confirmed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_carrier_never_tells_the_end_of_is_given_up_and_given_back() {
    for (channel, hours) in [("phone", 4), ("sms", 24)] {
        let line = Line::open().await;
        let id = line.start(channel, ALEX).await;
        line.until(&id, "In Progress").await;
        line.hub.advance(SignedDuration::from_hours(hours));
        let report = line.until(&id, "Failed").await;
        assert_eq!(report["outcome"], "error", "{channel}");
        assert!(report["summary"].as_str().is_some_and(|it| it.contains("never told")), "{report}");
        assert_eq!((line.hub.balance(&line.acme).await, line.twilio.asked()), (10_000, 1), "{channel}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_call_to_the_same_contact_is_no_evidence() {
    let line = Line::open().await;
    let earlier = line.start("phone", ALEX).await;
    let call = line.placed(&earlier, ALEX).await;
    line.twilio.next(Behaviour::BreaksBefore, 1);
    let id = line.start("phone", ALEX).await;
    line.hub
        .until("Twilio was asked", || async { if line.twilio.asked() > 1 { Ok(()) } else { Err("no".to_owned()) } })
        .await;
    line.hub.advance(lease(&line));
    until_event(&line, &id, "Unconfirmed").await;
    line.hub.advance(grace(&line));
    line.until(&id, "In Progress").await;
    let calls = line.twilio.calls();
    assert_eq!((calls.len(), &calls[0].sid), (2, &call.sid));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_twilio_refuses_for_good_fails_with_what_to_do() {
    let line = Line::open().await;
    let mut number = 0;
    for (codes, outcome, advice) in [
        (
            &[13_223, 13_224, 21_201, 21_211, 21_214, 21_217, 21_401, 21_421, 21_614, 63_024][..],
            "invalid_number",
            "correct the contact's phone number",
        ),
        (&[21_210, 21_212, 21_213, 21_603, 21_606, 21_659, 63_007], "refused", "have the operator set a sender"),
        (&[13_227, 21_215, 21_216, 21_408], "refused", "allow this country"),
        (&[21_219, 21_608], "refused", "a trial account of Twilio reaches verified numbers only"),
        (&[63_016], "refused", "set a WhatsApp template"),
        (&[99_999], "refused", "correct the request"),
    ] {
        for code in codes {
            number += 1;
            line.twilio.next(Behaviour::Refuses(400, *code), 1);
            let id = line.start("sms", &contact(number)).await;
            let report = line.until(&id, "Failed").await;
            assert_eq!(report["outcome"], outcome, "{code}");
            let summary = report["summary"].as_str().unwrap_or_default();
            assert!(summary.contains(&code.to_string()) && summary.contains(advice), "{summary}");
        }
    }
    assert_eq!((line.hub.balance(&line.acme).await, line.twilio.asked()), (10_000, number));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_who_has_told_the_carrier_to_stop_is_not_written_to_again() {
    let line = Line::open().await;
    line.twilio.next(Behaviour::Refuses(400, 21_610), 1);
    let id = line.start("sms", ALEX).await;
    let report = line.until(&id, "Failed").await;
    assert_eq!(report["outcome"], "opted_out");
    let start = crate::requests::integration(&line.acme, "sms", ALEX);
    line.hub.post(&line.acme, "/integration/start", start.clone()).await.expect(403);
    line.start("phone", ALEX).await;
    // START, which the carrier has heard too, lifts it.
    assert_eq!(line.writes("sms", "SM1", "START").await.texts("Message").len(), 1);
    line.hub.post(&line.acme, "/integration/start", start).await.expect(200);
}
