//! Pause, resume and cancel of what has not gone out (checklist F3).

use hub_fixture::{Caller, TestHub};
use jiff::SignedDuration;
use serde_json::json;

use crate::anywhere::control::{scheduled, steer};
use crate::requests::{ALEX, integration};

async fn scheduled_sms(hub: &TestHub, acme: &Caller) -> String {
    scheduled(hub, acme, integration(acme, "sms", ALEX)).await
}

// F3
#[tokio::test(flavor = "multi_thread")]
async fn a_paused_engagement_does_not_go_out_until_it_is_resumed() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let (paused, other) = (scheduled_sms(&hub, &acme).await, scheduled_sms(&hub, &acme).await);
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
    let id = scheduled_sms(&hub, &acme).await;
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
    let (cancelled, other) = (scheduled_sms(&hub, &acme).await, scheduled_sms(&hub, &acme).await);
    steer(&hub, &acme, "cancel", &cancelled).await;
    assert_eq!(hub.balance(&acme).await, 9_999);
    hub.advance(SignedDuration::from_hours(2));
    hub.until_status(&acme, &other, "Completed").await;
    let report = hub.report(&acme, &cancelled).await;
    assert_eq!((&report["status"], &report["outcome"]), (&json!("Cancelled"), &json!("cancelled")));
    assert!(report["completed_at"].is_string() && report["started_at"].is_null());
    assert!(hub.messages(&format!("engagement_id={cancelled}")).await.is_empty());
}
