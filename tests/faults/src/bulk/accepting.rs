//! Batches that are accepted while others are, and what keeps a contact from being engaged again.

use futures::future::join_all;
use hub_local::aws::{Kind, Service};
use serde_json::{Value, json};

use super::campaign::{
    address, assert_each_left_once, batch_of, email_to, emails, fast_hub, keys, later, rows_of, rows_that_are, shown,
    steer, submit_with, submitted, until_batch, until_batch_in_time,
};
use crate::support::{OPENING, engagements, fault, seconds, start};

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_engagements_at_once_and_go_out_at_their_time() {
    let (hub, acme) = fast_hub().await;
    let rows = [later(&hub, 3_600, emails(1)), emails(3).split_off(1)].concat();
    let batch = submitted(&hub, &acme, rows).await;
    assert_eq!(hub.balance(&acme).await, OPENING - 3);
    let rows = rows_of(&hub, &acme, &batch).await;
    assert_eq!(rows.iter().map(|row| row["row"].as_u64()).collect::<Vec<_>>(), [Some(2), Some(3), Some(1)]);
    let report = hub.report(&acme, rows[2]["engagement_id"].as_str().expect("an id")).await;
    assert_eq!((&report["status"], &report["batch_id"]), (&json!("Scheduled"), &json!(batch)));
    hub.until("the other two are completed", || async {
        let shown = shown(&hub, &acme, &batch).await;
        let counted = (rows_that_are("completed", &shown), rows_that_are("waiting", &shown));
        if counted == (2, 1) { Ok(()) } else { Err(shown.to_string()) }
    })
    .await;
    hub.advance(seconds(3_600));
    until_batch(&hub, &acme, &batch, "Completed").await;
    assert_each_left_once(&hub, &rows_of(&hub, &acme, &batch).await).await;
    assert_eq!((engagements(&hub, &acme).await.len(), keys(&hub, "DRAFT#").await.len()), (3, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_is_refused_leaves_nothing_behind() {
    let (hub, _) = fast_hub().await;
    let poor = hub.account("poor", 7).await;
    assert_eq!(submit_with(&hub, &poor, emails(10), None).await.status, 402);
    let listed = json!({"domain_name": "poor", "contact": address(1), "reason": "Asked by phone."});
    assert!(hub.post(&poor, "/contacts/do-not-contact", listed).await.status < 300);
    assert_eq!(submit_with(&hub, &poor, emails(1), None).await.status, 400);
    assert_eq!(hub.balance(&poor).await, 7);
    for prefix in ["ENG#", "DRAFT#", "BATCH#", "SKIPPED#"] {
        assert_eq!(keys(&hub, prefix).await, [""; 0], "{prefix}");
    }
}

/// Whether a batch has more than one part, so that one can be left out of it.
fn has_several(body: &Value) -> bool {
    let several = |part: &Value| part["Keys"].as_array().or(part.as_array()).is_some_and(|parts| parts.len() > 1);
    body["RequestItems"].as_object().is_some_and(|tables| tables.values().any(several))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_table_has_no_room_for_is_written_and_read_again() {
    let (hub, acme) = fast_hub().await;
    let faults = hub.local.embedded.faults();
    for operation in ["BatchWriteItem", "BatchGetItem"] {
        // Five throttled calls are more than the SDK tries again by itself.
        faults.inject(fault(Kind::Throttle, Service::DynamoDb, operation).times(5));
        faults.inject(fault(Kind::PartialBatch, Service::DynamoDb, operation).when(has_several).times(2));
    }
    let batch = submitted(&hub, &acme, emails(40)).await;
    until_batch(&hub, &acme, &batch, "Completed").await;
    let rows = rows_of(&hub, &acme, &batch).await;
    assert_eq!(rows.len(), 40);
    assert_each_left_once(&hub, &rows).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_batches_that_together_cost_too_much_cannot_both_be_accepted() {
    let (hub, _) = fast_hub().await;
    let poor = hub.account("poor", 15).await;
    let answers = join_all((0..4).map(|_| submit_with(&hub, &poor, emails(10), None))).await;
    let mut answered: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    answered.sort_unstable();
    assert_eq!((answered, hub.balance(&poor).await), (vec![200, 402, 402, 402], 5));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_twenty_times_at_once_is_one_batch() {
    let (hub, acme) = fast_hub().await;
    let rows = || [emails(12), vec![email_to(&address(1))]].concat();
    let answers = join_all((0..20).map(|_| submit_with(&hub, &acme, rows(), Some("june")))).await;
    let answers: Vec<Value> = answers.into_iter().map(|answer| answer.expect(200)).collect();
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(answers[0]["errors"], json!(["Row 13: skipped — duplicate customer"]));
    assert_eq!(hub.balance(&acme).await, OPENING - 12);
    let batch = batch_of(&answers[0]);
    until_batch(&hub, &acme, &batch, "Completed").await;
    assert_each_left_once(&hub, &rows_of(&hub, &acme, &batch).await).await;
    assert_eq!(submit_with(&hub, &acme, emails(3), Some("june")).await.status, 422);
    assert_eq!(submit_with(&hub, &acme, rows(), Some("june")).await.expect(200), answers[0]);
    // The rows of the other tries are no engagements, and are cleared away.
    assert_eq!(engagements(&hub, &acme).await.len(), 12);
    hub.advance(seconds(16 * 60));
    hub.until("nothing of them is left", || async {
        let (drafts, rows) = (keys(&hub, "DRAFT#").await, keys(&hub, "ENG#").await);
        if drafts.is_empty() && rows.len() == 12 { Ok(()) } else { Err(format!("{drafts:?} {rows:?}")) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn contacts_that_were_engaged_lately_are_left_out_as_long_as_the_domain_says() {
    let (hub, acme) = fast_hub().await;
    hub.set_domain("acme", json!({"customer_dedup_days": 30})).await;
    hub.advance(seconds(31));
    let single = hub.started(&acme, start("acme", "email", &address(1))).await;
    hub.until_status(&acme, &single, "Completed").await;
    let first = submit_with(&hub, &acme, emails(3), None).await.expect(200);
    let told = "Row 1: skipped — duplicate customer: engaged within the last 30 days";
    assert_eq!(first["errors"], json!([told]));
    until_batch(&hub, &acme, &batch_of(&first), "Completed").await;
    let second = submit_with(&hub, &acme, emails(4), None).await.expect(200);
    assert_eq!((&second["queued_calls"], &second["skipped_calls"]), (&json!(1), &json!(3)));
    hub.advance(seconds(30 * 24 * 3_600));
    let third = submit_with(&hub, &acme, emails(4), None).await.expect(200);
    assert_eq!((&third["queued_calls"], &third["skipped_calls"]), (&json!(4), &json!(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_called_off_was_not_engaged_and_may_be_engaged_again() {
    let (hub, acme) = fast_hub().await;
    hub.set_domain("acme", json!({"customer_dedup_days": 30})).await;
    hub.advance(seconds(31));
    let first = submitted(&hub, &acme, later(&hub, 3_600, emails(3))).await;
    assert_eq!(submit_with(&hub, &acme, emails(3), None).await.status, 400);
    steer(&hub, &acme, &first, "cancel").await.expect(200);
    until_batch_in_time(&hub, &acme, &first, "Cancelled").await;
    assert_eq!(submit_with(&hub, &acme, emails(3), None).await.expect(200)["queued_calls"], 3);
}
