//! `POST /integration/start` (checklist B).

use hub_fixture::TestHub;
use jiff::SignedDuration;
use serde_json::json;

use crate::requests::{AGENT, ALEX, TALKER, conversation, integration, with, without};

// B2
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_given_has_its_default() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = hub.started(&acme, without(integration(&acme, "phone", ALEX), "channel")).await;
    let report = hub.report(&acme, &id).await;
    assert_eq!(report["channel"], "phone");
    assert_eq!(report["type"], "informational");
    assert_eq!(report["test_mode"], false);
    assert_eq!(report["client_name"], json!(null));
    assert_eq!(report["scheduled_time"], json!(null));
}

// B6
#[tokio::test(flavor = "multi_thread")]
async fn scheduled_time_language_and_booking_id_are_taken_here_too() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let booking_id = crate::setup::booking(&hub, &acme).await;
    let at = (hub.clock.now() + SignedDuration::from_hours(3)).to_string();
    let fields = json!({"type": "confirmational", "booking_id": booking_id, "language": "fr", "scheduled_time": at});
    let id = hub.started(&acme, with(integration(&acme, "phone", ALEX), fields)).await;
    let report = hub.report(&acme, &id).await;
    assert_eq!(report["status"], "Scheduled");
    assert_eq!(report["scheduled_time"], at);
}

// B2: both names of the agent's number do the same.
#[tokio::test(flavor = "multi_thread")]
async fn initiator_phone_number_is_user_phone_number() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let talk = with(integration(&acme, "phone", TALKER), json!({"type": "conversational"}));
    let id = hub.started(&acme, with(talk, json!({"initiator_phone_number": AGENT}))).await;
    hub.until_status(&acme, &id, "In Progress").await;
    let queued = hub.post(&acme, "/start", conversation(&acme, ALEX)).await.expect(200);
    assert_eq!(queued["status"], "queued");
}
