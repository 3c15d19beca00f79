//! Pause, resume and cancel of what is under way (checklist F3).

use hub_fixture::{Caller, Hub};
use serde_json::{Value, json};

use crate::anywhere::acme_in_test_mode;
use crate::problem::problem;
use crate::requests::{TALKER, integration};

pub(crate) async fn steer(hub: &Hub, acme: &Caller, verb: &str, id: &str) -> Value {
    hub.post(acme, &format!("/integration/{verb}"), json!({"engagement_id": id})).await.expect(200)
}

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
