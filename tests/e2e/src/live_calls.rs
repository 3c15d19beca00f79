//! Pause, resume and cancel of what is under way (checklist F3).

use hub_fixture::TestHub;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::anywhere::control::steer;
use crate::requests::{ALEX, TALKER, direct, integration, with};

fn events(report: &Value) -> Vec<&str> {
    let history = report["history"].as_array().expect("a history");
    history.iter().filter_map(|entry| entry["event_type"].as_str()).collect()
}

// F3
#[tokio::test(flavor = "multi_thread")]
async fn a_live_call_is_cancelled() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = hub.started(&acme, integration(&acme, "phone", TALKER)).await;
    hub.until_status(&acme, &id, "In Progress").await;
    // It goes on for as long as nobody ends it.
    hub.advance(SignedDuration::from_hours(3));
    let other = hub.started(&acme, integration(&acme, "sms", ALEX)).await;
    hub.until_status(&acme, &other, "Completed").await;
    assert_eq!(hub.report(&acme, &id).await["status"], "In Progress");
    steer(&hub, &acme, "cancel", &id).await;
    let report = hub.report(&acme, &id).await;
    assert_eq!(report["status"], "Cancelled");
    assert!(report["started_at"].is_string() && report["completed_at"].is_string());
    assert_eq!(events(&report), ["Queued", "Sent", "Ended"]);
    steer(&hub, &acme, "cancel", &id).await;
}

// F3
#[tokio::test(flavor = "multi_thread")]
async fn a_running_conversation_is_held_and_goes_on_when_it_is_resumed() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let body = with(direct(&acme, "sms", ALEX), json!({"type": "conversational"}));
    let started = hub.post(&acme, "/start", body).await.expect(200);
    let sid = started["call_sid"].as_str().expect("a sid");
    let path = format!("/integration/engagements?domain_name=acme&call_sid={sid}");
    let list = hub.get(&acme, &path).await.expect(200);
    let id = list["engagements"][0]["engagement_id"].as_str().expect("an id").to_owned();
    // The contact answers after a second, so this comes in time.
    steer(&hub, &acme, "pause", &id).await;
    hub.advance(SignedDuration::from_mins(10));
    let other = hub.started(&acme, integration(&acme, "sms", ALEX)).await;
    hub.until_status(&acme, &other, "Completed").await;
    let held = hub.report(&acme, &id).await;
    assert_eq!((&held["status"], held["transcript"].as_array().map(Vec::len)), (&json!("Paused"), Some(1)));
    assert!(held["started_at"].is_string());
    steer(&hub, &acme, "resume", &id).await;
    let report = hub.until_status(&acme, &id, "Completed").await;
    assert_eq!(events(&report), ["Queued", "Sent", "Paused", "Resumed", "Ended"]);
    assert_eq!(hub.messages(&format!("engagement_id={id}")).await.len(), 2, "nothing but the goodbye is sent");
}
