//! What a contact gets of a time that it has booked in a conversation (checklist M6).

use reqwest::Method;
use serde_json::{Value, json};

use super::support::Line;
use crate::conversations::open_calendar;
use crate::requests::ALEX;

/// Books by phone the first time that is offered, and gives the call's engagement.
async fn book_by_phone(line: &Line) -> Value {
    open_calendar(&line.hub, &line.acme).await;
    let id = line.start_with("phone", json!({"type": "appointment_booking"})).await;
    let call = line.placed(&id, ALEX).await;
    let listening = line.twilio.answer(&call, "human").await;
    line.twilio.say(&call, &listening, Some("1")).await;
    line.until(&id, "Completed").await
}

/// What was noted of an engagement.
fn noted(report: &Value) -> Vec<&str> {
    let history = report["history"].as_array().expect("a history");
    let noted = history.iter().filter(|entry| entry["event_type"] == "Noted");
    noted.filter_map(|entry| entry["detail"].as_str()).collect()
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn who_books_in_a_call_is_sent_the_calendar_file_by_a_text_message() {
    let line = Line::open().await;
    line.hub.set_domain("acme", json!({"customer_dedup_days": 7})).await;
    let report = book_by_phone(&line).await;
    assert_eq!(report["outcome"], "booked");
    let note = noted(&report).concat();
    let id = note.strip_prefix("The contact is sent its booking by ").and_then(|rest| rest.strip_suffix('.'));
    let sent = line.sent(id.unwrap_or_else(|| panic!("no id in {note}")), ALEX).await;
    let text = sent.form.get("Body").expect("a text");
    let link = text.split_whitespace().find(|word| word.contains("/bookings/invitations/")).expect("a link");
    let path = link.strip_prefix(&line.hub.base_url).expect("the hub's own");
    let file = line.hub.request(Method::GET, path).send().await.expect("an answer").text().await.expect("a text");
    assert!(file.starts_with("BEGIN:VCALENDAR"), "{file}");
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn a_booking_made_in_a_call_stands_where_no_text_message_can_be_sent() {
    let line = Line::open_with(json!({"sms_from": null})).await;
    let report = book_by_phone(&line).await;
    assert_eq!(report["outcome"], "booked");
    let why = noted(&report).concat();
    assert!(why.starts_with("The contact is not sent its booking: Channel sms is not set up"), "{why}");
    assert!(line.twilio.messages().is_empty());
}
