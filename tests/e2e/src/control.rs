//! Pause, resume and cancel of what has not gone out (checklist F3).

use hub_fixture::{Caller, TestHub};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::problem::problem;
use crate::requests::{ALEX, integration, with};

async fn steer(hub: &TestHub, acme: &Caller, verb: &str, id: &str) -> Value {
    hub.post(acme, &format!("/integration/{verb}"), json!({"engagement_id": id})).await.expect(200)
}

/// An engagement for in an hour.
async fn scheduled(hub: &TestHub, acme: &Caller) -> String {
    let at = (hub.clock.now() + SignedDuration::from_hours(1)).to_string();
    hub.started(acme, with(integration("sms", ALEX), json!({"scheduled_time": at}))).await
}

// F3
#[tokio::test(flavor = "multi_thread")]
async fn each_verb_answers_ok_with_the_engagement() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = scheduled(&hub, &acme).await;
    for verb in ["pause", "resume", "cancel"] {
        assert_eq!(steer(&hub, &acme, verb, &id).await, json!({"ok": true, "engagement_id": id}));
    }
}

// F3
#[tokio::test(flavor = "multi_thread")]
async fn a_paused_engagement_does_not_go_out_until_it_is_resumed() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let (paused, other) = (scheduled(&hub, &acme).await, scheduled(&hub, &acme).await);
    steer(&hub, &acme, "pause", &paused).await;
    hub.advance(SignedDuration::from_hours(2));
    hub.until_status(&acme, &other, "Completed").await;
    assert_eq!(hub.report(&acme, &paused).await["status"], "Paused");
    assert!(hub.messages(&format!("engagement_id={paused}")).await.is_empty());
    steer(&hub, &acme, "resume", &paused).await;
    let report = hub.until_status(&acme, &paused, "Completed").await;
    let events: Vec<_> =
        report["history"].as_array().expect("a history").iter().map(|entry| &entry["event_type"]).collect();
    assert_eq!(events, ["Scheduled", "Paused", "Resumed", "Sent", "Ended"]);
    assert_eq!(hub.messages(&format!("engagement_id={paused}")).await.len(), 1);
}

// F3
#[tokio::test(flavor = "multi_thread")]
async fn one_resumed_before_its_time_still_waits_for_it() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = scheduled(&hub, &acme).await;
    steer(&hub, &acme, "pause", &id).await;
    steer(&hub, &acme, "resume", &id).await;
    assert_eq!(hub.report(&acme, &id).await["status"], "Scheduled");
    assert!(hub.messages("").await.is_empty());
    hub.advance(SignedDuration::from_hours(2));
    hub.until_status(&acme, &id, "Completed").await;
}

// F3
#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_engagement_never_goes_out_and_costs_nothing() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let (cancelled, other) = (scheduled(&hub, &acme).await, scheduled(&hub, &acme).await);
    steer(&hub, &acme, "cancel", &cancelled).await;
    assert_eq!(hub.balance(&acme).await, 9_999);
    hub.advance(SignedDuration::from_hours(2));
    hub.until_status(&acme, &other, "Completed").await;
    let report = hub.report(&acme, &cancelled).await;
    assert_eq!((&report["status"], &report["outcome"]), (&json!("Cancelled"), &json!("cancelled")));
    assert!(report["completed_at"].is_string() && report["started_at"].is_null());
    assert!(hub.messages(&format!("engagement_id={cancelled}")).await.is_empty());
}

// F3
#[tokio::test(flavor = "multi_thread")]
async fn pause_resume_and_cancel_are_idempotent() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = scheduled(&hub, &acme).await;
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
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let completed = hub.started(&acme, integration("sms", ALEX)).await;
    hub.until_status(&acme, &completed, "Completed").await;
    let failed = hub.started(&acme, integration("sms", "+15005550001")).await;
    hub.until_status(&acme, &failed, "Failed").await;
    let cancelled = scheduled(&hub, &acme).await;
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
    let hub = TestHub::start().await;
    let acme = hub.demo();
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
