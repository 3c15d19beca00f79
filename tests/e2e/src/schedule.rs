//! When engagements go out: scheduled times, pauses of the domain, quiet hours (checklist C2, B6, N1).

use hub_fixture::TestHub;
use jiff::SignedDuration;
use serde_json::json;

use crate::anywhere::schedule::at;
use crate::requests::{ALEX, direct, integration};
use crate::setup::quiet_hours;

// C2, B6
#[tokio::test(flavor = "multi_thread")]
async fn a_scheduled_engagement_goes_out_at_its_time_and_not_before() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let now = hub.clock.now();
    // One that the queue itself keeps back, one that waits for the tick.
    let soon = hub.started(&acme, at(integration(&acme, "sms", ALEX), now + SignedDuration::from_mins(5))).await;
    let later = hub.started(&acme, at(integration(&acme, "sms", ALEX), now + SignedDuration::from_hours(5))).await;
    assert_eq!(hub.report(&acme, &soon).await["status"], "Scheduled");
    hub.advance(SignedDuration::from_mins(6));
    hub.until_status(&acme, &soon, "Completed").await;
    assert_eq!(hub.report(&acme, &later).await["status"], "Scheduled");
    assert_eq!(hub.messages("").await.len(), 1);
    hub.advance(SignedDuration::from_hours(5));
    let report = hub.until_status(&acme, &later, "Completed").await;
    assert!(report["started_at"].as_str() >= report["scheduled_time"].as_str());
    assert_eq!(hub.messages("").await.len(), 2);
}

// A4, N1
#[tokio::test(flavor = "multi_thread")]
async fn what_was_accepted_waits_while_its_domain_is_paused() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id =
        hub.started(&acme, at(integration(&acme, "sms", ALEX), hub.clock.now() + SignedDuration::from_hours(1))).await;
    hub.set_domain("acme", json!({"engagement_hub_paused": true})).await;
    hub.advance(SignedDuration::from_hours(2));
    hub.until("it is postponed", async || {
        let report = hub.report(&acme, &id).await;
        if report["history"].to_string().contains("paused for the domain") { Ok(()) } else { Err(report.to_string()) }
    })
    .await;
    assert!(hub.messages("").await.is_empty());
    hub.set_domain("acme", json!({"engagement_hub_paused": false})).await;
    hub.advance(SignedDuration::from_mins(2));
    hub.until_status(&acme, &id, "Completed").await;
}

// N1
#[tokio::test(flavor = "multi_thread")]
async fn quiet_hours_postpone_to_their_end() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let end = quiet_hours(&hub).await.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let queued = hub.post(&acme, "/start", direct(&acme, "phone", ALEX)).await.expect(200);
    assert_eq!((&queued["status"], &queued["scheduled_time"]), (&json!("queued"), &json!(end)));
    let id = hub.started(&acme, integration(&acme, "sms", ALEX)).await;
    let postponed = hub
        .until("it is postponed", async || {
            let report = hub.report(&acme, &id).await;
            if report["history"].to_string().contains("Postponed") { Ok(report) } else { Err(report.to_string()) }
        })
        .await;
    assert_eq!(postponed["status"], "Queued");
    hub.advance(SignedDuration::from_hours(3));
    let mail = hub.started(&acme, integration(&acme, "email", "a@example.com")).await;
    hub.until_status(&acme, &mail, "Completed").await;
    assert_eq!(hub.messages("").await.len(), 1, "only the mail");
    hub.advance(SignedDuration::from_hours(3));
    hub.until_status(&acme, &id, "Completed").await;
    assert_eq!(hub.messages("").await.len(), 3);
}

// N1: quiet hours are those of the domain's zone.
#[tokio::test(flavor = "multi_thread")]
async fn quiet_hours_are_kept_in_the_domains_time_zone() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    quiet_hours(&hub).await;
    // Nine hours ahead, the same hours of the day are over.
    hub.set_domain("acme", json!({"time_zone": "Asia/Tokyo"})).await;
    assert_eq!(hub.post(&acme, "/start", direct(&acme, "phone", ALEX)).await.expect(200)["status"], "call_initiated");
}
