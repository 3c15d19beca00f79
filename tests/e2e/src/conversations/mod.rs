//! Conversations by phone, SMS and WhatsApp, with contacts that are scripted or played by hand (checklist M4, M5).

mod agents;
mod calls;
mod messages;
mod model;
mod purposes;
mod stop;

use hub_fixture::{Answer, Caller, Hub, TestHub};
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};

use crate::requests::{integration, with};

/// A contact that is played by hand.
pub(crate) const HAND: &str = "+15005550201";

/// A conversation with the contact that is played by hand, as soon as it is under way.
pub(crate) async fn talking(hub: &TestHub, acme: &Caller, channel: &str, fields: Value) -> String {
    let id = hub.started(acme, with(integration(acme, channel, HAND), fields)).await;
    hub.until_status(acme, &id, "In Progress").await;
    id
}

/// Something that the contact does by hand.
pub(crate) async fn does(hub: &Hub, what: &str, body: Value) -> Answer {
    let request = hub.request(Method::POST, &format!("/_local/contacts/{HAND}/{what}"));
    hub.send(request.header("Content-Type", "application/json").body(body.to_string())).await
}

/// What the hub says to something that the contact does by hand, and what it does then.
pub(crate) async fn played(hub: &Hub, what: &str, body: Value) -> (Vec<String>, String) {
    let played = does(hub, what, body).await.expect(200);
    let said = played["said"].as_array().expect("a list").iter().map(|text| text.as_str().expect("a text").to_owned());
    (said.collect(), played["then"].as_str().unwrap_or_default().to_owned())
}

/// What the hub says to a text that the contact says or writes.
pub(crate) async fn says(hub: &Hub, channel: &str, text: &str) -> (Vec<String>, String) {
    played(hub, "reply", json!({"channel": channel, "text": text})).await
}

/// Who said something in an engagement, in order.
pub(crate) fn roles(report: &Value) -> Vec<&str> {
    let turns = report["transcript"].as_array().expect("turns").iter();
    turns.map(|turn| turn["role"].as_str().expect("a role")).collect()
}

/// What has left for an engagement, the first first.
pub(crate) async fn left(hub: &Hub, id: &str) -> Vec<String> {
    let mut left = hub.messages(&format!("engagement_id={id}")).await;
    left.reverse();
    assert!(left.iter().all(|message| message["times_sent"] == 1), "{left:?}");
    left.iter().map(|message| message["text"].as_str().expect("a text").to_owned()).collect()
}

/// The caller's domain with a calendar that is open at all hours.
pub(crate) async fn open_calendar(hub: &Hub, caller: &Caller) {
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let hours: serde_json::Map<String, Value> =
        days.into_iter().map(|day| (day.to_owned(), json!(["00:00-24:00"]))).collect();
    let calendar = json!({"domain_name": caller.domain_name, "time_zone": "UTC", "hours": hours});
    hub.put(caller, "/account-settings/calendar", calendar).await.expect(200);
}

/// A booking of the caller's domain in two days.
pub(crate) async fn new_booking(hub: &TestHub, caller: &Caller) -> String {
    open_calendar(hub, caller).await;
    let day = (hub.clock.now() + SignedDuration::from_hours(48)).timestamp();
    let starts_at = Timestamp::from_second(day.as_second().div_euclid(3_600) * 3_600).expect("a time").to_string();
    let fields = json!({"domain_name": caller.domain_name, "phone_number": HAND, "starts_at": starts_at});
    let answer = hub.post(caller, "/bookings", fields).await;
    answer.body["booking_id"].as_str().unwrap_or_else(|| panic!("{}", answer.body)).to_owned()
}

/// Where a booking stands.
pub(crate) async fn booking_status(hub: &Hub, caller: &Caller, id: &str) -> Value {
    hub.get(caller, &caller.at(&format!("/bookings/{id}"))).await.expect(200)["status"].clone()
}
