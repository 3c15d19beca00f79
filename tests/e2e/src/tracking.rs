//! Following one engagement (checklist F1, F2).

use hub_fixture::TestHub;
use jiff::SignedDuration;
use serde_json::json;

use crate::requests::{ALEX, TALKER, integration, with};
use crate::setup::quiet_hours;

// F2
#[tokio::test(flavor = "multi_thread")]
async fn completed_at_is_set_exactly_on_the_final_statuses() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let later = json!({"scheduled_time": (hub.clock.now() + SignedDuration::from_hours(9)).to_string()});
    let scheduled = hub.started(&acme, with(integration(&acme, "phone", ALEX), later.clone())).await;
    let paused = hub.started(&acme, with(integration(&acme, "phone", ALEX), later.clone())).await;
    hub.post(&acme, "/integration/pause", json!({"engagement_id": paused})).await.expect(200);
    let cancelled = hub.started(&acme, with(integration(&acme, "phone", ALEX), later)).await;
    hub.post(&acme, "/integration/cancel", json!({"engagement_id": cancelled})).await.expect(200);
    quiet_hours(&hub).await;
    let queued = hub.started(&acme, integration(&acme, "sms", ALEX)).await;
    hub.until("it is postponed", async || {
        let history = hub.report(&acme, &queued).await["history"].to_string();
        if history.contains("Postponed") { Ok(()) } else { Err(history) }
    })
    .await;
    hub.set_domain("acme", json!({"quiet_hours": {}})).await;
    let running = hub.started(&acme, integration(&acme, "phone", TALKER)).await;
    let completed = hub.started(&acme, integration(&acme, "phone", ALEX)).await;
    let failed = hub.started(&acme, integration(&acme, "phone", "+15005550003")).await;
    for (id, status, ended) in [
        (scheduled, "Scheduled", false),
        (queued, "Queued", false),
        (running, "In Progress", false),
        (paused, "Paused", false),
        (completed, "Completed", true),
        (failed, "Failed", true),
        (cancelled, "Cancelled", true),
    ] {
        let report = hub.until_status(&acme, &id, status).await;
        assert_eq!(report["completed_at"].is_string(), ended, "{report}");
        assert_eq!(report["outcome"].is_string(), ended, "{report}");
    }
}
