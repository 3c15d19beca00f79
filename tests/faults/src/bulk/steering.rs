//! Batches that are held, let go on, called off and tried again, at any moment.

use futures::future::{join, join_all};
use hub_fixture::{Caller, TestHub};
use hub_local::aws::SendingQuota;
use serde_json::{Value, json};

use super::campaign::{
    assert_each_left_once, emails, fast_hub, later, rows_of, rows_that_are, shown, steer, submitted,
    until_batch_in_time,
};
use crate::support::{OPENING, all_messages, seconds, start};

/// A hub that releases as many rows a minute.
async fn hub_with(rows_a_minute: u32) -> (TestHub, Caller) {
    let hub = TestHub::start_with(|options| options.bulk_call_rate_limit = rows_a_minute).await;
    let acme = hub.demo();
    (hub, acme)
}

async fn until_some_left(hub: &TestHub, count: usize) {
    hub.until("some have left", || async {
        let left = all_messages(hub).await.len();
        if left >= count { Ok(()) } else { Err(left.to_string()) }
    })
    .await;
}

fn with_status(rows: &[Value], status: &str) -> Vec<Value> {
    rows.iter().filter(|row| row["status"] == status).cloned().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_batch_sends_nothing_more_and_goes_on_where_it_was() {
    let (hub, acme) = hub_with(60).await;
    let batch = submitted(&hub, &acme, emails(100)).await;
    until_some_left(&hub, 2).await;
    steer(&hub, &acme, &batch, "pause").await.expect(200);
    hub.until_quiet().await;
    let left = all_messages(&hub).await.len();
    // Rows that were let go come out of their queue meanwhile, and are held back.
    hub.advance(seconds(70));
    hub.until("all that were let go are held back", || async {
        let shown = shown(&hub, &acme, &batch).await;
        let held = with_status(&rows_of(&hub, &acme, &batch).await, "Paused").len();
        if held > 0 && held == rows_that_are("in_progress", &shown) { Ok(()) } else { Err(shown.to_string()) }
    })
    .await;
    let held = shown(&hub, &acme, &batch).await;
    assert_eq!((all_messages(&hub).await.len(), rows_that_are("completed", &held)), (left, left));
    steer(&hub, &acme, &batch, "resume").await.expect(200);
    let ended = until_batch_in_time(&hub, &acme, &batch, "Completed").await;
    assert_eq!(rows_that_are("completed", &ended), 100);
    assert_each_left_once(&hub, &rows_of(&hub, &acme, &batch).await).await;
    assert_eq!(hub.balance(&acme).await, OPENING - 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_goes_out_no_faster_than_its_domain_says() {
    let (hub, acme) = hub_with(6_000_000).await;
    hub.set_domain("acme", json!({"bulk_call_rate_limit": 30})).await;
    hub.advance(seconds(31));
    let begun = hub.clock.now();
    let batch = submitted(&hub, &acme, emails(60)).await;
    hub.until("a slice is let go", || async {
        let let_go = 60 - rows_that_are("waiting", &shown(&hub, &acme, &batch).await);
        // A minute ahead, a row each two seconds.
        if (29..=31).contains(&let_go) { Ok(()) } else { Err(let_go.to_string()) }
    })
    .await;
    until_batch_in_time(&hub, &acme, &batch, "Completed").await;
    assert!(hub.clock.now() - begun >= seconds(118), "{}", hub.clock.now() - begun);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_domain_is_paused_its_batches_let_no_row_go() {
    let (hub, acme) = hub_with(6_000_000).await;
    let batch = submitted(&hub, &acme, later(&hub, 120, emails(10))).await;
    hub.set_domain("acme", json!({"engagement_hub_paused": true})).await;
    hub.advance(seconds(180));
    hub.until_quiet().await;
    hub.advance(seconds(31));
    hub.until_quiet().await;
    assert_eq!(rows_that_are("waiting", &shown(&hub, &acme, &batch).await), 10);
    hub.set_domain("acme", json!({"engagement_hub_paused": false})).await;
    let ended = until_batch_in_time(&hub, &acme, &batch, "Completed").await;
    assert_eq!(rows_that_are("completed", &ended), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_quiet_hours_emails_go_out_and_calls_wait_in_line_for_the_end_of_them() {
    let (hub, acme) = hub_with(60).await;
    let hour_from_now = |hours: i64| {
        let at = hub.clock.now() + seconds(hours * 3_600);
        at.to_string()[11..16].to_owned()
    };
    let quiet = json!({"start": hour_from_now(-2), "end": hour_from_now(2)});
    hub.set_domain("acme", json!({"quiet_hours": quiet, "time_zone": "UTC"})).await;
    let call = json!({"channel": "phone", "phone_number": "+14165550101", "instruction": "Say hello."});
    let batch = submitted(&hub, &acme, [vec![call], emails(2)].concat()).await;
    until_some_left(&hub, 2).await;
    hub.until_quiet().await;
    let (rows, shown) = (rows_of(&hub, &acme, &batch).await, shown(&hub, &acme, &batch).await);
    let channels: Vec<_> = rows.iter().map(|row| row["channel"].as_str()).collect();
    assert_eq!(channels, [Some("email"), Some("email"), Some("phone")]);
    assert_eq!((rows_that_are("completed", &shown), rows_that_are("waiting", &shown)), (2, 1));
    hub.advance(seconds(2 * 3_600));
    let ended = until_batch_in_time(&hub, &acme, &batch, "Completed").await;
    assert_eq!(rows_that_are("completed", &ended), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_is_called_off_in_the_middle_gives_back_what_was_not_sent() {
    let (hub, acme) = hub_with(60).await;
    let batch = submitted(&hub, &acme, emails(300)).await;
    until_some_left(&hub, 2).await;
    steer(&hub, &acme, &batch, "cancel").await.expect(200);
    let ended = until_batch_in_time(&hub, &acme, &batch, "Cancelled").await;
    let sent = with_status(&rows_of(&hub, &acme, &batch).await, "Completed");
    assert_eq!(
        (rows_that_are("completed", &ended), rows_that_are("cancelled", &ended)),
        (sent.len(), 300 - sent.len())
    );
    assert_each_left_once(&hub, &sent).await;
    assert_eq!(hub.balance(&acme).await, OPENING - i64::try_from(sent.len()).expect("few"));
    assert_eq!(steer(&hub, &acme, &batch, "resume").await.status, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_is_called_off_while_it_is_held_ends_and_gives_back_what_was_not_sent() {
    let (hub, acme) = hub_with(60).await;
    let batch = submitted(&hub, &acme, emails(120)).await;
    steer(&hub, &acme, &batch, "pause").await.expect(200);
    hub.until_quiet().await;
    let sent = i64::try_from(all_messages(&hub).await.len()).expect("few");
    steer(&hub, &acme, &batch, "cancel").await.expect(200);
    until_batch_in_time(&hub, &acme, &batch, "Cancelled").await;
    assert_eq!(hub.balance(&acme).await, OPENING - sent);
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_owners_do_to_a_batch_and_its_rows_at_once_every_row_is_accounted_for() {
    let (hub, acme) = hub_with(3_000).await;
    let batch = submitted(&hub, &acme, emails(400)).await;
    let rows = rows_of(&hub, &acme, &batch).await;
    let steering = async {
        for _ in 0..6 {
            steer(&hub, &acme, &batch, "pause").await;
            hub.advance(seconds(1));
            steer(&hub, &acme, &batch, "resume").await;
        }
    };
    let withdrawing = join_all(rows.iter().rev().step_by(7).map(|row| async {
        let body = json!({"engagement_id": row["engagement_id"]});
        hub.post(&acme, "/integration/cancel", body).await.status
    }));
    let ((), answers) = join(steering, withdrawing).await;
    assert!(answers.iter().all(|status| matches!(status, 200 | 409)), "{answers:?}");
    let ended = until_batch_in_time(&hub, &acme, &batch, "Completed").await;
    let rows = rows_of(&hub, &acme, &batch).await;
    let (sent, called_off) = (with_status(&rows, "Completed"), with_status(&rows, "Cancelled"));
    assert_eq!(sent.len() + called_off.len(), 400);
    assert_eq!(
        (rows_that_are("completed", &ended), rows_that_are("cancelled", &ended)),
        (sent.len(), called_off.len())
    );
    assert_each_left_once(&hub, &sent).await;
    assert_eq!(hub.balance(&acme).await, OPENING - i64::try_from(sent.len()).expect("few"));
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_rows_are_tried_again_once_however_often_it_is_asked() {
    let (hub, acme) = fast_hub().await;
    let call = |contact: &str| json!({"channel": "phone", "phone_number": contact, "instruction": "Say hello."});
    // The last one is a number that the simulator knows as none.
    let rows = ["+14165550101", "+14165550102", "+14165550103", "+15005550001"].map(call).to_vec();
    let batch = submitted(&hub, &acme, rows).await;
    assert_eq!(steer(&hub, &acme, &batch, "retry").await.status, 409);
    let ended = until_batch_in_time(&hub, &acme, &batch, "Completed").await;
    assert_eq!((rows_that_are("completed", &ended), rows_that_are("failed", &ended)), (3, 1));
    let tries = join_all((0..5).map(|_| steer(&hub, &acme, &batch, "retry"))).await;
    let tries: Vec<Value> = tries.into_iter().map(|answer| answer.expect(200)).collect();
    assert!(tries.iter().all(|answer| *answer == tries[0] && answer["queued_calls"] == 1), "{tries:?}");
    let again = super::campaign::batch_of(&tries[0]);
    assert_eq!(shown(&hub, &acme, &batch).await["retried_as"], again.as_str());
    let rows = rows_of(&hub, &acme, &again).await;
    assert_eq!((&rows[0]["contact_identifier"], &rows[0]["row"]), (&json!("+15005550001"), &json!(4)));
    let ended = until_batch_in_time(&hub, &acme, &again, "Completed").await;
    assert_eq!((rows_that_are("failed", &ended), hub.balance(&acme).await), (1, OPENING - 3));
}

/// The mail service's rate is shared by all tenants, and a campaign fills it.
#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_does_not_slow_another_domains_email() {
    let hub = TestHub::start_with(|options| {
        options.bulk_call_rate_limit = 6_000_000;
        options.sending_quota = Some(SendingQuota { per_second: 20, per_day: 50_000 });
    })
    .await;
    let acme = hub.demo();
    let globex = hub.account("globex", 10).await;
    submitted(&hub, &acme, emails(1_000)).await;
    until_some_left(&hub, 20).await;
    let single = hub.started(&globex, start("globex", "email", "customer@example.com")).await;
    hub.until_status(&globex, &single, "Completed").await;
    let left = all_messages(&hub).await.len();
    assert!(left < 900, "{left} of 1,000 emails left before it");
}
