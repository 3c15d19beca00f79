//! Conversations that break off between what was heard and its answer: nothing is lost, and nothing is answered twice.

use hub_fixture::{Caller, TestHub};
use hub_local::aws::{Injected, Kind, Rule, Service};
use serde_json::{Value, json};

use crate::support::{fault, grace, lease, start};

/// A contact that is played by hand.
const HAND: &str = "+15005550201";

/// A conversation by SMS that has begun.
async fn talking(hub: &TestHub, acme: &Caller) -> String {
    let mut body = start("acme", "sms", HAND);
    body["type"] = "conversational".into();
    let id = hub.started(acme, body).await;
    hub.until("the conversation has begun", || async {
        let report = hub.report(acme, &id).await;
        if report["transcript"].as_array().is_some_and(|said| said.len() == 1) {
            Ok(())
        } else {
            Err(report.to_string())
        }
    })
    .await;
    hub.until_quiet().await;
    id
}

/// A message of the contact. Its answer may never come.
fn writes(hub: &TestHub, text: &str) -> tokio::task::JoinHandle<()> {
    let request = hub.request(reqwest::Method::POST, &format!("/_local/contacts/{HAND}/reply"));
    let body = json!({"channel": "sms", "text": text}).to_string();
    let request = request.header("Content-Type", "application/json").body(body);
    tokio::spawn(async move { drop(request.send().await) })
}

/// Has the process crash at a write, while the contact writes.
async fn crashes(hub: TestHub, rule: Rule) -> TestHub {
    let rule: Injected = hub.local.embedded.faults().inject(rule.times(1));
    let written = writes(&hub, "How much is it?");
    hub.until("the process has crashed", || async { if rule.hits() > 0 { Ok(()) } else { Err("not yet".to_owned()) } })
        .await;
    written.abort();
    hub.revive().await
}

fn turn(kind: Kind) -> Rule {
    fault(kind, Service::DynamoDb, "TransactWriteItems").when(|body| body.to_string().contains("HEARD#message-"))
}

/// Sees the conversation answered, once, and to its end.
async fn answered_once(hub: &TestHub, acme: &Caller, id: &str) {
    hub.until("it is answered", || async {
        let left = replies(hub, id).await;
        if left.len() == 1 { Ok(()) } else { Err(format!("{left:?}")) }
    })
    .await;
    hub.until("its answer is recorded", || async {
        writes(hub, "no").await.expect("it is written");
        let report = hub.report(acme, id).await;
        if report["status"] == "Completed" { Ok(()) } else { Err(report.to_string()) }
    })
    .await;
    let report = hub.report(acme, id).await;
    let said = report["transcript"].as_array().expect("a transcript");
    let asked = said.iter().filter(|turn| turn["content"] == "How much is it?").count();
    assert_eq!(asked, 1, "{report}");
    assert!(replies(hub, id).await.iter().all(|reply| reply["times_sent"] == 1));
}

/// The messages that have left after the opening.
async fn replies(hub: &TestHub, id: &str) -> Vec<Value> {
    let mut left = hub.messages(&format!("engagement_id={id}")).await;
    left.pop();
    left
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_whose_answer_never_left_is_answered_once_evidence_is_out_of_the_question() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = talking(&hub, &acme).await;
    let hub = crashes(hub, turn(Kind::CrashAfterEffect)).await;
    assert_eq!(replies(&hub, &id).await, Vec::<Value>::new());
    hub.advance(lease(&hub) + grace(&hub));
    answered_once(&hub, &acme, &id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_left_without_a_record_is_not_sent_again() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = talking(&hub, &acme).await;
    let sent = |body: &Value| {
        let talk = &body["Item"]["talk"]["M"];
        talk["replies"]["N"] == "1" && talk["outgoing"].is_null()
    };
    let hub = crashes(hub, fault(Kind::Crash, Service::DynamoDb, "PutItem").when(sent)).await;
    assert_eq!(replies(&hub, &id).await.len(), 1);
    hub.advance(lease(&hub) + grace(&hub));
    answered_once(&hub, &acme, &id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_was_never_kept_is_answered_when_it_is_brought_again() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = talking(&hub, &acme).await;
    let hub = crashes(hub, turn(Kind::Crash)).await;
    writes(&hub, "How much is it?").await.expect("it is written");
    answered_once(&hub, &acme, &id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_throttled_table_loses_no_message() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = talking(&hub, &acme).await;
    hub.local.embedded.faults().inject(turn(Kind::TransactionConflict).times(3));
    writes(&hub, "How much is it?").await.expect("it is written");
    answered_once(&hub, &acme, &id).await;
}
