//! Credits, their ledger, and prices (checklist N1, A4).

use hub_fixture::TestHub;
use jiff::SignedDuration;
use serde_json::json;

use crate::requests::{ALEX, integration, with};

// N1
#[tokio::test(flavor = "multi_thread")]
async fn each_channel_has_its_price() {
    let hub = TestHub::start().await;
    let caller = hub.account("globex", 100).await;
    hub.set_domain("globex", json!({"prices": {"phone": 5, "sms": 2, "email": 0}})).await;
    let mut balance = 100;
    for (channel, contact, price) in
        [("phone", ALEX, 5), ("sms", ALEX, 2), ("email", "a@example.com", 0), ("wmsg", ALEX, 1)]
    {
        hub.started(&caller, integration(&caller, channel, contact)).await;
        balance -= price;
        assert_eq!(hub.balance(&caller).await, balance, "{channel}");
    }
}

// N1: what fails or is cancelled is given back; what was reached is not.
#[tokio::test(flavor = "multi_thread")]
async fn credits_come_back_exactly_where_nothing_was_delivered() {
    let hub = TestHub::start().await;
    let caller = hub.account("globex", 100).await;
    hub.set_domain("globex", json!({"prices": {"phone": 10}})).await;
    for (contact, status, balance) in [
        ("+15005550002", "Failed", 100),
        ("+15005550001", "Failed", 100),
        ("+15005550012", "Failed", 100),
        (ALEX, "Completed", 90),
        ("+15005550007", "Completed", 80),
    ] {
        let id = hub.started(&caller, integration(&caller, "phone", contact)).await;
        hub.until_status(&caller, &id, status).await;
        assert_eq!(hub.balance(&caller).await, balance, "{contact}");
    }
    let at = (hub.clock.now() + SignedDuration::from_hours(1)).to_string();
    let id = hub.started(&caller, with(integration(&caller, "phone", ALEX), json!({"scheduled_time": at}))).await;
    assert_eq!(hub.balance(&caller).await, 70);
    for _ in 0..2 {
        hub.post(&caller, "/integration/cancel", json!({"engagement_id": id})).await.expect(200);
        assert_eq!(hub.balance(&caller).await, 80);
    }
}
