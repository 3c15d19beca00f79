//! What tests set up: quiet hours, and what has no route yet and is written into the table.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use hub_fixture::TestHub;
use hub_local::aws::ACCOUNTS;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

/// Gives the demo domain a booking.
pub(crate) async fn booking(hub: &TestHub, booking_id: &str) {
    put(hub, &format!("BOOKING#{booking_id}")).await;
}

/// Gives the demo domain a calendar.
pub(crate) async fn calendar(hub: &TestHub) {
    put(hub, "CALENDAR").await;
}

/// Gives the demo domain quiet hours in UTC from an hour ago to five hours from now, and tells their end.
pub(crate) async fn quiet_hours(hub: &TestHub) -> Timestamp {
    let end = (hub.clock.now() + SignedDuration::from_hours(5)).timestamp();
    let start = (hub.clock.now() + SignedDuration::from_hours(-1)).timestamp();
    let hours = [start, end].map(|time| time.strftime("%H:%M").to_string());
    let quiet_hours = json!({"start": hours[0], "end": hours[1]});
    hub.set_domain("acme", json!({"time_zone": "UTC", "quiet_hours": quiet_hours})).await;
    Timestamp::from_second(end.as_second().div_euclid(60) * 60).expect("a time")
}

async fn put(hub: &TestHub, sort_key: &str) {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let client = Client::new(&hub.local.embedded.sdk_config());
    let put = client.put_item().table_name(ACCOUNTS).item("pk", text("DOMAIN#acme")).item("sk", text(sort_key));
    put.send().await.expect("it is written");
}
