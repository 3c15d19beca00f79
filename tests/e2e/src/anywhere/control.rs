//! Pause, resume and cancel of what has not gone out (checklist F3).

use hub_fixture::{Caller, Hub};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::anywhere::{acme, acme_in_test_mode};
use crate::problem::problem;
use crate::requests::{ALEX, integration, with};

pub(crate) async fn steer(hub: &Hub, acme: &Caller, verb: &str, id: &str) -> Value {
    hub.post(acme, &format!("/integration/{verb}"), json!({"engagement_id": id})).await.expect(200)
}

/// An engagement for in an hour.
pub(crate) async fn scheduled(hub: &Hub, acme: &Caller, body: Value) -> String {
    let at = (hub.now() + SignedDuration::from_hours(1)).to_string();
    hub.started(acme, with(body, json!({"scheduled_time": at}))).await
}

/// An email for in an hour.
async fn scheduled_email(hub: &Hub, acme: &Caller) -> String {
    scheduled(hub, acme, integration(acme, "email", "customer@example.com")).await
}

// F3
#[tokio::test(flavor = "multi_thread")]
async fn each_verb_answers_ok_with_the_engagement() {
    let (hub, acme) = acme().await;
    let id = scheduled_email(&hub, &acme).await;
    for verb in ["pause", "resume", "cancel"] {
        assert_eq!(steer(&hub, &acme, verb, &id).await, json!({"ok": true, "engagement_id": id}));
    }
}

// F3
#[tokio::test(flavor = "multi_thread")]
async fn pause_resume_and_cancel_are_idempotent() {
    let (hub, acme) = acme().await;
    let id = scheduled_email(&hub, &acme).await;
    for verb in ["resume", "pause", "resume", "pause", "cancel"] {
        let first = steer(&hub, &acme, verb, &id).await;
        let before = hub.report(&acme, &id).await;
        assert_eq!(steer(&hub, &acme, verb, &id).await, first);
        assert_eq!(hub.report(&acme, &id).await["history"], before["history"], "{verb}");
    }
    assert_eq!(hub.balance(&acme).await, 10_000);
}

// F3
#[tokio::test(flavor = "multi_thread")]
async fn a_final_engagement_is_409_with_its_status() {
    let (hub, acme) = acme_in_test_mode().await;
    let completed = hub.started(&acme, integration(&acme, "sms", ALEX)).await;
    hub.until_status(&acme, &completed, "Completed").await;
    let failed = hub.started(&acme, integration(&acme, "sms", "+15005550001")).await;
    hub.until_status(&acme, &failed, "Failed").await;
    let cancelled = scheduled_email(&hub, &acme).await;
    steer(&hub, &acme, "cancel", &cancelled).await;
    for (id, status, verbs) in [
        (completed, "Completed", &["pause", "resume", "cancel"][..]),
        (failed, "Failed", &["pause", "resume", "cancel"]),
        (cancelled, "Cancelled", &["pause", "resume"]),
    ] {
        let before = hub.report(&acme, &id).await["history"].clone();
        for verb in verbs {
            let answer = hub.post(&acme, &format!("/integration/{verb}"), json!({"engagement_id": id})).await;
            assert!(problem(&answer, 409).contains(&format!("is {status}")), "{}", answer.body);
        }
        assert_eq!(hub.report(&acme, &id).await["history"], before);
    }
}

// F3, A3
#[tokio::test(flavor = "multi_thread")]
async fn the_engagement_must_be_named() {
    let (hub, acme) = acme().await;
    for verb in ["pause", "resume", "cancel"] {
        for body in
            [json!({}), json!({"engagement_id": ""}), json!({"engagement_id": null}), json!({"engagement_id": 7})]
        {
            let answer = hub.post(&acme, &format!("/integration/{verb}"), body).await;
            problem(&answer, 400);
            assert_eq!(answer.faulty_fields(), ["engagement_id"]);
        }
        let answer = hub.post(&acme, &format!("/integration/{verb}"), json!({"engagement_id": "nonsense"})).await;
        problem(&answer, 404);
    }
}
