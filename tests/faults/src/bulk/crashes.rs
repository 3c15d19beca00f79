//! The hub is killed before every single write that a batch makes, from its submit to its end, or gets no answer to what it
//! sends.

use futures::StreamExt;
use futures::stream;
use hub_fixture::{Caller, TestHub};
use hub_local::aws::{Kind, Rule, Service};
use serde_json::Value;

use super::campaign::{
    assert_each_left_once, batch_of, emails, fast_hub, keys, later, rows_of, rows_that_are, steer, submit_with,
    submitted, until_batch, until_batch_in_time,
};
use crate::support::{OPENING, fault, seconds};

/// How many hubs are killed side by side.
const AT_ONCE: usize = 4;

/// Whether a call changes anything: what else a hub does can break off as it likes.
pub(crate) fn changes_something(body: &Value) -> bool {
    let sent = |entry: &Value| entry.get("MessageBody").is_some();
    let batch =
        |body: &Value| body["RequestItems"].as_object().is_some_and(|tables| tables.values().all(Value::is_array));
    ["TransactItems", "Item", "UpdateExpression"].iter().any(|member| body.get(member).is_some())
        || batch(body)
        || sent(body)
        || body["Entries"].as_array().is_some_and(|entries| entries.iter().all(sent))
}

/// Kills a hub before its `number`-th write of a batch, and gives the hub that is started after it; nothing where the batch
/// came to its end before.
async fn killed(number: u32) -> Option<(TestHub, Caller)> {
    let (hub, acme) = fast_hub().await;
    let faults = hub.local.embedded.faults().clone();
    faults.inject(Rule::new(Kind::Crash).when(changes_something).skip(number).times(1));
    let ended = async {
        let batch = batch_of(&submit_with(&hub, &acme, emails(3), Some("june")).await.expect(200));
        until_batch(&hub, &acme, &batch, "Completed").await;
        hub.until_quiet().await;
    };
    tokio::select! {
        () = ended => return None,
        () = faults.crashed() => {}
    }
    Some((hub.revive().await, acme))
}

/// Submits the same again, as a caller does that got no answer, and looks whether all is as if nothing had happened.
async fn comes_to_its_end_after_a_kill(number: u32) -> bool {
    let Some((hub, acme)) = killed(number).await else { return false };
    let batch = batch_of(&submit_with(&hub, &acme, emails(3), Some("june")).await.expect(200));
    let ended = until_batch_in_time(&hub, &acme, &batch, "Completed").await;
    assert_eq!(rows_that_are("completed", &ended), 3, "killed before write {number}");
    assert_each_left_once(&hub, &rows_of(&hub, &acme, &batch).await).await;
    assert_eq!(hub.balance(&acme).await, OPENING - 3, "killed before write {number}");
    hub.advance(seconds(16 * 60));
    hub.until("nothing but the batch is left", || async {
        let (drafts, batches) = (keys(&hub, "DRAFT#").await, keys(&hub, "BATCH#").await);
        let rows = keys(&hub, "ENG#").await;
        let one = batches.iter().filter(|key| key.ends_with(" BATCH")).count();
        if drafts.is_empty() && one == 1 && rows.len() == 3 { Ok(()) } else { Err(format!("{drafts:?} {rows:?}")) }
    })
    .await;
    true
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_any_write_of_submit_and_release_a_batch_neither_loses_nor_doubles_a_row() {
    let mut next = 0;
    loop {
        let numbers = next..next + u32::try_from(AT_ONCE).expect("few");
        next = numbers.end;
        let killed: Vec<bool> =
            stream::iter(numbers).map(comes_to_its_end_after_a_kill).buffered(AT_ONCE).collect().await;
        if killed.contains(&false) {
            break;
        }
    }
    // Draft, rows, commit, message; three releases, message, slice, end; and three writes at least for each row.
    assert!(next >= 16, "only {next} writes were found");
}

/// A cancelled batch, killed before a write of its cancellation.
async fn is_called_off_after_a_kill(number: u32) -> bool {
    let (hub, acme) = fast_hub().await;
    let batch = submitted(&hub, &acme, later(&hub, 3_600, emails(30))).await;
    hub.until_quiet().await;
    let faults = hub.local.embedded.faults().clone();
    faults.inject(Rule::new(Kind::Crash).when(changes_something).skip(number).times(1));
    let cancelled = async {
        steer(&hub, &acme, &batch, "cancel").await.expect(200);
        until_batch_in_time(&hub, &acme, &batch, "Cancelled").await;
    };
    let killed = tokio::select! {
        () = cancelled => false,
        () = faults.crashed() => true,
    };
    if !killed {
        return false;
    }
    let hub = hub.revive().await;
    steer(&hub, &acme, &batch, "cancel").await.expect(200);
    let ended = until_batch_in_time(&hub, &acme, &batch, "Cancelled").await;
    assert_eq!(rows_that_are("cancelled", &ended), 30, "killed before write {number}");
    assert_eq!(hub.balance(&acme).await, OPENING, "killed before write {number}");
    assert!(hub.messages("").await.is_empty());
    true
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_any_write_of_a_cancellation_every_credit_goes_back_once() {
    let mut next = 0;
    loop {
        let numbers = next..next + u32::try_from(AT_ONCE).expect("few");
        next = numbers.end;
        let killed: Vec<bool> = stream::iter(numbers).map(is_called_off_after_a_kill).buffered(AT_ONCE).collect().await;
        if killed.contains(&false) {
            break;
        }
    }
    // Its status, its message, two transactions, the step and the end.
    assert!(next >= 4, "only {next} writes were found");
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_left_without_an_answer_count_in_their_batch_by_their_send_events() {
    let (hub, acme) = fast_hub().await;
    let lost = hub.local.embedded.faults().inject(fault(Kind::TimeoutAfterEffect, Service::Ses, "SendEmail").times(2));
    let batch = submitted(&hub, &acme, emails(3)).await;
    let ended = until_batch(&hub, &acme, &batch, "Completed").await;
    assert_eq!((lost.hits(), rows_that_are("completed", &ended)), (2, 3));
    assert_each_left_once(&hub, &rows_of(&hub, &acme, &batch).await).await;
}
