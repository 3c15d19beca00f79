//! Pause, resume and cancel of what is under way (checklist F3).

use serde_json::json;

use crate::anywhere::acme_in_test_mode;
use crate::anywhere::control::steer;
use crate::problem::problem;
use crate::requests::{TALKER, integration};

// F3
#[tokio::test(flavor = "multi_thread")]
async fn a_held_conversation_can_be_cancelled() {
    let (hub, acme) = acme_in_test_mode().await;
    let id = hub.started(&acme, integration(&acme, "wvoice", TALKER)).await;
    hub.until_status(&acme, &id, "In Progress").await;
    steer(&hub, &acme, "pause", &id).await;
    assert_eq!(hub.report(&acme, &id).await["status"], "Paused");
    steer(&hub, &acme, "cancel", &id).await;
    assert_eq!(hub.report(&acme, &id).await["status"], "Cancelled");
    problem(&hub.post(&acme, "/integration/resume", json!({"engagement_id": id})).await, 409);
}
