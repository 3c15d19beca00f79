//! Many callers at once.

use std::collections::BTreeSet;

use futures::future::join_all;
use hub_fixture::{Caller, TestHub};
use serde_json::{Value, json};

use crate::support::{OPENING, all_messages, count, direct_email, email, engagements, seconds, start, until_all_ended};

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_starts_with_credits_for_five_hundred_are_five_hundred() {
    let hub = TestHub::start().await;
    let many = hub.account("many", 500).await;
    let body = start("many", "email", "customer@example.com");
    let answers = join_all((0..1_000).map(|_| hub.post(&many, "/integration/start", body.clone()))).await;
    let of = |status| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((of(200), of(402)), (500, 500));
    assert_eq!(hub.balance(&many).await, 0);
    assert_eq!(count(&until_all_ended(&hub, &many).await, "Completed"), 500);
    let left = all_messages(&hub).await;
    let ids: BTreeSet<_> = left.iter().map(|message| message["engagement_id"].to_string()).collect();
    assert_eq!((left.len(), ids.len()), (500, 500));
    assert!(left.iter().all(|message| message["times_sent"] == 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_idempotency_key_a_hundred_times_at_once_is_one_engagement() {
    for (path, body) in [("/integration/start", email()), ("/start", direct_email())] {
        let hub = TestHub::start().await;
        let acme = hub.demo();
        let key = [("Idempotency-Key", "order-1")];
        let answers = join_all((0..100).map(|_| hub.post_with(&acme, path, body.clone(), &key))).await;
        let first = &answers[0].body;
        assert!(answers.iter().all(|answer| answer.status == 200 && answer.body == *first), "{path}");
        assert_eq!(count(&until_all_ended(&hub, &acme).await, "Completed"), 1);
        assert_eq!((all_messages(&hub).await.len(), hub.balance(&acme).await), (1, OPENING - 1));
        let mut other = body;
        other["client_name"] = "Alex".into();
        assert_eq!(hub.post_with(&acme, path, other, &key).await.status, 422);
    }
}

/// What must be true of an engagement that was cancelled while it may have been on its way.
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_is_either_cancelled_and_paid_back_or_sent() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let runs = join_all((0..150).map(|_| async {
        let id = hub.started(&acme, email()).await;
        let status = hub.post(&acme, "/integration/cancel", json!({"engagement_id": id})).await.status;
        assert!(status == 200 || status == 409, "{status}");
        (id, status)
    }))
    .await;
    let all = until_all_ended(&hub, &acme).await;
    let left = all_messages(&hub).await;
    for (id, status) in runs {
        let engagement = all.iter().find(|one| one["engagement_id"] == id).expect("it is there");
        let sent = left.iter().filter(|message| message["engagement_id"] == id).count();
        match engagement["status"].as_str() {
            Some("Cancelled") => assert_eq!(sent, 0, "{id}"),
            Some("Completed") => assert_eq!(sent, 1, "{id}"),
            other => panic!("{id} is {other:?}"),
        }
        // Who is told that it had ended already is told so because it had.
        assert!(status == 200 || engagement["status"] == "Completed");
    }
    let paid = i64::try_from(count(&all, "Completed")).expect("few");
    assert_eq!(hub.balance(&acme).await, OPENING - paid);
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_owners_do_at_random_nothing_is_sent_twice_and_every_credit_is_accounted_for() {
    let hub = TestHub::start().await;
    let busy = hub.account("busy", 1_000).await;
    join_all((0..120).map(|_| at_random(&hub, &busy))).await;
    for engagement in engagements(&hub, &busy).await {
        let body = json!({"engagement_id": engagement["engagement_id"]});
        hub.post(&busy, "/integration/resume", body).await;
    }
    hub.advance(seconds(120));
    let all = until_all_ended(&hub, &busy).await;
    let left = all_messages(&hub).await;
    assert!(left.iter().all(|message| message["times_sent"] == 1));
    let mut paid = 0;
    for engagement in &all {
        let mails = left.iter().filter(|message| message["engagement_id"] == engagement["engagement_id"]).count();
        match engagement["status"].as_str() {
            Some("Completed") => assert_eq!(mails, 1, "{engagement}"),
            // A call that was hung up had been placed; a mail that was cancelled had not left.
            Some("Cancelled") if engagement["channel"] == "email" => assert_eq!(mails, 0, "{engagement}"),
            Some("Cancelled") => assert!(mails <= 1, "{engagement}"),
            other => panic!("{other:?}"),
        }
        paid += i64::from(engagement["status"] == "Completed");
    }
    assert_eq!((all.len(), hub.balance(&busy).await), (120, 1_000 - paid));
}

/// Starts something and does some things to it, in any order.
async fn at_random(hub: &TestHub, caller: &Caller) {
    let (channel, contact) = match rand::random_range(0..3) {
        0 => ("email", "customer@example.com"),
        1 => ("sms", "+14165551234"),
        _ => ("phone", "+14165551234"),
    };
    let mut body = start(&caller.domain_name, channel, contact);
    if rand::random_bool(0.3) {
        body["scheduled_time"] = Value::from((hub.clock.now() + seconds(rand::random_range(1..60))).to_string());
    }
    let id = hub.started(caller, body).await;
    for _ in 0..rand::random_range(0..5) {
        let what = ["pause", "resume", "cancel", "pause", "resume"][rand::random_range(0..5)];
        let answer = hub.post(caller, &format!("/integration/{what}"), json!({"engagement_id": id})).await;
        assert!(matches!(answer.status, 200 | 409), "{what}: {}", answer.body);
    }
}
