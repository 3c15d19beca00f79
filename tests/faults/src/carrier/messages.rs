//! A hub that dies over a message of a contact: it is answered once, and STOP is never forgotten.

use hub_local::aws::{Kind, Rule, Service};
use serde_json::{Value, json};

use super::line::{Line, times_said};
use crate::support::{fault, grace, lease};

/// The write of a message that was heard.
fn hearing(kind: Kind) -> Rule {
    let heard = |body: &Value| body.to_string().contains("HEARD#message-");
    fault(kind, Service::DynamoDb, "TransactWriteItems").when(heard)
}

/// The write that a reply has left.
fn replied() -> Rule {
    fault(Kind::Crash, Service::DynamoDb, "PutItem").when(|body| {
        let talk = &body["Item"]["talk"]["M"];
        talk["replies"]["N"] == "1" && talk["outgoing"].is_null()
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_over_which_the_hub_died_is_answered_once() {
    for (rule, left_before) in [(hearing(Kind::Crash), 1), (hearing(Kind::CrashAfterEffect), 1), (replied(), 2)] {
        let line = Line::open().await;
        let id = line.started("sms", "conversational").await;
        let asks = async |line: &Line| line.writes("SM1", "How much is it?").await;
        let line = line.dies_over(rule, asks).await;
        assert_eq!(line.messages().len(), left_before);
        // Twilio brings it again.
        asks(&line).await;
        line.hub.advance(lease(&line.hub) + grace(&line.hub));
        let report = line.until_said(&id, 3).await;
        assert_eq!(times_said(&report, "How much is it?"), 1, "{report}");
        line.hub
            .until("the answer has left and is recorded", || async {
                line.writes("SM2", "No.").await;
                let report = line.hub.report(&line.acme, &id).await;
                if report["status"] == "Completed" { Ok(()) } else { Err(report.to_string()) }
            })
            .await;
        assert_eq!((line.messages().len(), line.twilio.asked()), (3, 3), "{left_before}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stop_counts_though_the_hub_died_before_the_conversation_ended_and_ends_it_when_brought_again() {
    let line = Line::open().await;
    let id = line.started("sms", "conversational").await;
    let stops = async |line: &Line| line.writes("SM1", "STOP").await;
    let line = line.dies_over(hearing(Kind::Crash), stops).await;
    assert_eq!(line.hub.report(&line.acme, &id).await["status"], "In Progress");
    line.hub.post(&line.acme, "/integration/start", Line::request("sms", "informational")).await.expect(403);
    let confirmed = stops(&line).await;
    assert_eq!((confirmed.status, confirmed.texts("Message").len()), (200, 1), "{}", confirmed.body);
    let report = line.hub.until_status(&line.acme, &id, "Completed").await;
    assert_eq!((&report["outcome"], line.messages().len()), (&json!("opted_out"), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn stop_is_confirmed_once_though_the_table_did_not_answer_that_it_is() {
    let line = Line::open().await;
    line.started("sms", "conversational").await;
    let marked = |body: &Value| body.to_string().contains("\"TALK#acme#sms#SM1\"");
    let unanswered = fault(Kind::TimeoutAfterEffect, Service::DynamoDb, "PutItem").when(marked).times(1);
    let struck = line.hub.local.embedded.faults().inject(unanswered);
    assert_eq!(line.writes("SM1", "STOP").await.texts("Message").len(), 1);
    assert!(struck.hits() > 0);
    assert_eq!(line.writes("SM1", "STOP").await.texts("Message").len(), 0);
}
