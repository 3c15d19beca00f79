//! What tests set up: templates, domains, what surrounds their emails, quiet hours, calendars and bookings.

use hub_fixture::{Caller, Hub, TestHub};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::requests::{ALEX, with};

/// Saves a template of the caller's domain, with these fields in place of the usual ones, and gives all of it.
pub(crate) async fn template(hub: &Hub, caller: &Caller, changes: Value) -> Value {
    let fields = json!({
        "domain_name": caller.domain_name,
        "name": "Policy renewal",
        "subjectTemplate": "Your policy renewal",
        "bodyHtml": "<p>Dear {{CUSTOMER_NAME}},</p><p>Policy {{POLICY_NUMBER}} renews soon.</p>",
    });
    hub.post(caller, "/account-settings/email-templates", with(fields, changes)).await.expect(201)
}

/// Sets what the emails of the caller's domain carry besides a sender, and gives all of it as it is then shown.
pub(crate) async fn outbound_email(hub: &Hub, caller: &Caller, changes: Value) -> Value {
    let fields = json!({"domain_name": caller.domain_name, "from": "Acme Insurance <hello@acme.example>"});
    hub.put(caller, "/account-settings/outbound-email", with(fields, changes)).await.expect(200)
}

/// The beginning of a PNG image of this size, which is as much of one as anything here looks at.
pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    let header = [b"\x89PNG\r\n\x1a\n".as_slice(), &13_u32.to_be_bytes(), b"IHDR"].concat();
    [header, width.to_be_bytes().to_vec(), height.to_be_bytes().to_vec(), vec![8, 6, 0, 0, 0]].concat()
}

/// Sets the calendar of the caller's domain, with these fields in place of the usual ones: it is always open, in UTC.
pub(crate) async fn calendar(hub: &Hub, caller: &Caller, changes: Value) -> Value {
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let hours: Value = days.iter().map(|day| ((*day).to_owned(), json!(["00:00-24:00"]))).collect();
    let fields = json!({"domain_name": caller.domain_name, "time_zone": "UTC", "hours": hours});
    hub.put(caller, "/account-settings/calendar", with(fields, changes)).await.expect(200)
}

/// A half hour of the day after tomorrow in UTC, by its place.
pub(crate) fn half_hour(hub: &Hub, place: i64) -> String {
    let day = hub.now().as_second().div_euclid(86_400) + 2;
    Timestamp::from_second(day * 86_400 + place * 1_800).expect("a time").to_string()
}

/// A request for a booking of the caller's domain, in the first half hour of the day after tomorrow.
pub(crate) fn new_booking(hub: &Hub, caller: &Caller, changes: Value) -> Value {
    with(json!({"domain_name": caller.domain_name, "contact": ALEX, "starts_at": half_hour(hub, 0)}), changes)
}

/// Gives the caller's domain a calendar and a booking, and tells the booking's id.
pub(crate) async fn booking(hub: &Hub, caller: &Caller) -> String {
    calendar(hub, caller, json!({})).await;
    let made = hub.post(caller, "/bookings", new_booking(hub, caller, json!({}))).await.expect(201);
    made["booking_id"].as_str().expect("an id").to_owned()
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
