//! A dispatcher that dies around the one request for a call or a message.

use hub_local::aws::{Kind, Rule, Service};
use serde_json::Value;

use super::line::Line;
use crate::crash::{claim, record};
use crate::support::{events, fault, grace, lease, seconds, until_event};

/// How much Twilio was asked for, and what it has.
fn asked_for(line: &Line) -> (usize, usize) {
    (line.twilio.asked(), line.twilio.calls().len() + line.twilio.messages().len())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_claimed_and_never_asked_for_is_asked_for_once_after_the_grace() {
    for channel in ["phone", "sms"] {
        let request = Line::request(channel, "conversational");
        let (line, id) = Line::open().await.dies_sending(request, claim(Kind::CrashAfterEffect)).await;
        assert_eq!(asked_for(&line), (0, 0), "{channel}");
        line.hub.advance(lease(&line.hub));
        until_event(&line.hub, &line.acme, &id, "Unconfirmed", 1).await;
        line.hub.advance(grace(&line.hub));
        let report = line.hub.until_status(&line.acme, &id, "In Progress").await;
        assert_eq!(events(&report), ["Queued", "Unconfirmed", "Retried", "Sent"], "{channel}");
        assert_eq!(asked_for(&line), (1, 1), "{channel}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_twilio_took_and_nobody_recorded_is_found_and_never_asked_for_again() {
    for (channel, kind) in [("phone", "conversational"), ("sms", "conversational"), ("sms", "informational")] {
        let request = Line::request(channel, kind);
        let (line, id) = Line::open().await.dies_sending(request, record(Kind::Crash, "in_progress")).await;
        assert_eq!(asked_for(&line), (1, 1), "{channel}");
        line.hub.advance(lease(&line.hub));
        let report = line.hub.until_status(&line.acme, &id, "In Progress").await;
        assert_eq!(events(&report), ["Queued", "Unconfirmed", "Sent"], "{channel} {kind}");
        line.hub.advance(grace(&line.hub) + lease(&line.hub));
        line.hub.until_quiet().await;
        assert_eq!(asked_for(&line), (1, 1), "{channel} {kind}");
    }
}

/// The write with which a conversation by message begins.
fn begins() -> Rule {
    let begins = |body: &Value| body["TransactItems"][0]["Put"]["Item"]["talk"].is_object();
    fault(Kind::Crash, Service::DynamoDb, "TransactWriteItems").when(begins)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_that_was_sent_and_not_begun_is_led_to_its_end() {
    for replies in [true, false] {
        let request = Line::request("sms", "conversational");
        let (line, id) = Line::open().await.dies_sending(request, begins()).await;
        assert_eq!(line.hub.report(&line.acme, &id).await["status"], "In Progress");
        let outcome = if replies {
            line.writes("SM1", "No.").await;
            "conversed"
        } else {
            line.hub.advance(seconds(25 * 3_600));
            "delivered"
        };
        let report = line.hub.until_status(&line.acme, &id, "Completed").await;
        assert_eq!(report["outcome"], outcome);
        let roles: Vec<_> = report["transcript"].as_array().expect("turns").iter().map(|turn| &turn["role"]).collect();
        assert_eq!(roles.len(), if replies { 3 } else { 1 }, "{report}");
        assert_eq!(line.twilio.messages().len(), if replies { 2 } else { 1 });
    }
}
