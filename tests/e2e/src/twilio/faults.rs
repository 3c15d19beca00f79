//! A Twilio that is busy, out of order or silent: nothing is lost and nobody is called twice (DESIGN §4).

use hub_fixture::twilio::Behaviour;
use jiff::SignedDuration;
use serde_json::Value;

use super::support::{Line, events};
use crate::requests::ALEX;

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
    for (code, outcome, advice) in [
        (21_211, "invalid_number", "correct the contact's phone number"),
        (21_614, "invalid_number", "correct the contact's phone number"),
        (21_606, "refused", "have the operator set a sender"),
        (21_408, "refused", "allow this country"),
        (99_999, "refused", "correct the request"),
    ] {
        let line = Line::open().await;
        line.twilio.next(Behaviour::Refuses(400, code), 1);
        let id = line.start("sms", ALEX).await;
        let report = line.until(&id, "Failed").await;
        assert_eq!(report["outcome"], outcome, "{code}");
        let summary = report["summary"].as_str().unwrap_or_default();
        assert!(summary.contains(&code.to_string()) && summary.contains(advice), "{summary}");
        assert_eq!(line.hub.balance(&line.acme).await, 10_000, "{code}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_who_has_told_the_carrier_to_stop_is_not_written_to_again() {
    let line = Line::open().await;
    line.twilio.next(Behaviour::Refuses(400, 21_610), 1);
    let id = line.start("sms", ALEX).await;
    let report = line.until(&id, "Failed").await;
    assert_eq!(report["outcome"], "opted_out");
    let start = crate::requests::integration(&line.acme, "sms", ALEX);
    line.hub.post(&line.acme, "/integration/start", start).await.expect(403);
    line.start("phone", ALEX).await;
}
