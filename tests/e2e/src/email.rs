//! Outbound email (checklist E1–E5, E8, E13).

use hub_fixture::TestHub;
use jiff::SignedDuration;
use serde_json::json;

use crate::anywhere::email::CUSTOMER;
use crate::requests::{integration, with};

// E8
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_cannot_be_sent_is_failed_and_says_why() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let at = (hub.clock.now() + SignedDuration::from_hours(1)).to_string();
    let body = with(integration(&acme, "email", CUSTOMER), json!({"scheduled_time": at}));
    let id = hub.started(&acme, body).await;
    hub.put(&acme, "/account-settings/outbound-email", json!({"domain_name": "acme"})).await.expect(200);
    hub.advance(SignedDuration::from_hours(2));
    let report = hub.until_status(&acme, &id, "Failed").await;
    assert!(report["summary"].as_str().is_some_and(|why| why.contains("no sender")), "{report}");
    let log = hub.get(&acme, "/calls?domain_name=acme&status=Failed").await.expect(200);
    assert_eq!(log["calls"][0]["reason"], report["summary"]);
    assert_eq!(hub.balance(&acme).await, 10_000);
}
