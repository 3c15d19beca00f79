//! Conversations by SMS and WhatsApp (checklist M4, M5).

use futures::future::join_all;
use hub_engagements::talk::{Inbound, MessageAnswer, message_in};
use hub_fixture::TestHub;
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};

use super::{HAND, booking_status, left, new_booking, open_calendar, roles, says, talking};
use crate::anywhere::control::steer;
use crate::requests::{ALEX, integration, with};

const GOODBYE: &str = "Thank you. Goodbye.";

fn conversational() -> Value {
    json!({"type": "conversational"})
}

/// A message of the contact that is played by hand, as its carrier brings it.
async fn arrives(hub: &TestHub, message_id: &str, text: &str) -> MessageAnswer {
    let message = Inbound {
        message_id: message_id.to_owned(),
        domain: "acme".parse().expect("a name"),
        channel: "sms".parse().expect("a channel"),
        from: serde_json::from_value(json!(HAND)).expect("a contact"),
        text: text.to_owned(),
        public_url: Some("https://reached.example.com/hub/".parse().expect("an address")),
    };
    message_in(&hub.local.hub, message).await.expect("it is taken")
}

// M4, M5
#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_answered_by_a_message_until_the_conversation_ends() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for channel in ["sms", "wmsg"] {
        let id = talking(&hub, &acme, channel, conversational()).await;
        let (said, _) = says(&hub, channel, "How much is it?").await;
        assert_eq!(says(&hub, channel, "no").await.0, [GOODBYE]);
        let report = hub.until_status(&acme, &id, "Completed").await;
        assert_eq!(report["outcome"], "conversed");
        assert_eq!(roles(&report), ["assistant", "user", "assistant", "user", "assistant"]);
        let opening = "Say hello. Do you have any questions?".to_owned();
        assert_eq!(left(&hub, &id).await, [opening, said[0].clone(), GOODBYE.to_owned()]);
    }
}

// M5
#[tokio::test(flavor = "multi_thread")]
async fn a_booking_is_confirmed_and_a_time_booked_by_message_in_persian() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let booking = new_booking(&hub, &acme).await;
    let id =
        talking(&hub, &acme, "wmsg", json!({"type": "confirmational", "booking_id": booking, "language": "fa"})).await;
    assert_eq!(says(&hub, "wmsg", "بله").await.0, ["متشکرم، نوبت شما تأیید شد. خدانگهدار."]);
    assert_eq!(hub.until_status(&acme, &id, "Completed").await["outcome"], "confirmed");
    assert_eq!(booking_status(&hub, &acme, &booking).await, "confirmed");
    open_calendar(&hub, &acme).await;
    let id = talking(&hub, &acme, "sms", json!({"type": "appointment_booking", "language": "fa"})).await;
    let (said, _) = says(&hub, "sms", "۲").await;
    assert!(said[0].starts_with("متشکرم، نوبت شما ثبت شد: "), "{said:?}");
    assert_eq!(hub.until_status(&acme, &id, "Completed").await["outcome"], "booked");
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn what_is_booked_by_message_is_told_with_a_link_to_its_calendar_file() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    open_calendar(&hub, &acme).await;
    talking(&hub, &acme, "sms", json!({"type": "appointment_booking"})).await;
    let (said, _) = says(&hub, "sms", "1").await;
    let start = said[0].find(&hub.base_url).unwrap_or_else(|| panic!("no link in {said:?}"));
    let link = said[0][start..].split_whitespace().next().expect("a link");
    let path = link.strip_prefix(&hub.base_url).expect("the hub's own");
    let file = hub.send(hub.request(Method::GET, path)).await;
    assert_eq!(file.status, 200);
    assert!(file.headers["content-type"].to_str().expect("a type").starts_with("text/calendar"), "{:?}", file.headers);
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn the_link_to_a_booking_leads_to_where_the_carrier_has_reached_the_hub() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    open_calendar(&hub, &acme).await;
    talking(&hub, &acme, "sms", json!({"type": "appointment_booking"})).await;
    let said = arrives(&hub, "SM1", "1").await.sent.concat();
    assert!(said.contains(" https://reached.example.com/hub/bookings/invitations/"), "{said}");
}

// M6
#[tokio::test(flavor = "multi_thread")]
async fn times_are_told_by_the_clock_of_the_calendar() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    open_calendar(&hub, &acme).await;
    let far_off = json!({"domain_name": "acme", "time_zone": "Asia/Tokyo", "hours": {"monday": ["00:00-24:00"]}});
    hub.put(&acme, "/account-settings/calendar", far_off).await.expect(200);
    let offer = hub.get(&acme, &acme.at("/bookings/slots")).await.expect(200);
    let id = talking(&hub, &acme, "sms", json!({"type": "appointment_booking"})).await;
    let opening = left(&hub, &id).await.remove(0);
    let first = offer["slots"][0]["when"].as_str().expect("a time");
    assert!(opening.contains(first), "{first} is not in {opening}");
}

// M4
#[tokio::test(flavor = "multi_thread")]
async fn a_reply_belongs_to_the_newest_conversation_that_is_open() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let first = talking(&hub, &acme, "sms", conversational()).await;
    let second = talking(&hub, &acme, "sms", conversational()).await;
    let other = talking(&hub, &acme, "wmsg", conversational()).await;
    says(&hub, "sms", "no").await;
    hub.until_status(&acme, &second, "Completed").await;
    assert_eq!(hub.report(&acme, &first).await["status"], "In Progress");
    says(&hub, "sms", "no").await;
    hub.until_status(&acme, &first, "Completed").await;
    assert_eq!(hub.report(&acme, &other).await["status"], "In Progress");
}

// M4
#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_no_conversation_is_kept_out() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let informed = hub.started(&acme, integration(&acme, "sms", HAND)).await;
    hub.until_status(&acme, &informed, "Completed").await;
    assert_eq!(arrives(&hub, "SM1", "Who is this?").await, MessageAnswer::default());
    assert_eq!(roles(&hub.report(&acme, &informed).await), ["assistant"]);
}

// M4
#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_brought_many_times_is_answered_once() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = talking(&hub, &acme, "sms", conversational()).await;
    join_all((0..8).map(|_| arrives(&hub, "SM1", "How much is it?"))).await;
    assert_eq!(arrives(&hub, "SM1", "How much is it?").await.sent, [""; 0]);
    hub.until("it is answered", async || {
        let left = left(&hub, &id).await;
        if left.len() == 2 { Ok(()) } else { Err(format!("{left:?}")) }
    })
    .await;
    assert_eq!(roles(&hub.report(&acme, &id).await), ["assistant", "user", "assistant"]);
}

// M4
#[tokio::test(flavor = "multi_thread")]
async fn many_messages_at_once_are_all_heard_and_none_is_answered_twice() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = talking(&hub, &acme, "sms", conversational()).await;
    let ids: Vec<String> = (0..5).map(|number| format!("SM{number}")).collect();
    join_all(ids.iter().map(|id| arrives(&hub, id, id))).await;
    hub.until("all are answered", async || {
        let report = hub.report(&acme, &id).await;
        let roles = roles(&report);
        let heard = roles.iter().filter(|role| **role == "user").count();
        if heard == 5 && roles.last() == Some(&"assistant") { Ok(()) } else { Err(report.to_string()) }
    })
    .await;
    left(&hub, &id).await;
}

// F3
#[tokio::test(flavor = "multi_thread")]
async fn what_is_heard_while_the_hub_is_held_is_answered_when_it_goes_on() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = talking(&hub, &acme, "sms", conversational()).await;
    steer(&hub, &acme, "pause", &id).await;
    for text in ["Just a moment.", "No."] {
        assert_eq!(says(&hub, "sms", text).await.0, [""; 0]);
    }
    assert_eq!(left(&hub, &id).await.len(), 1);
    steer(&hub, &acme, "resume", &id).await;
    let report = hub.until_status(&acme, &id, "Completed").await;
    assert_eq!(roles(&report), ["assistant", "user", "user", "assistant"]);
    assert_eq!(left(&hub, &id).await.last().map(String::as_str), Some(GOODBYE));
}

// M4
#[tokio::test(flavor = "multi_thread")]
async fn silence_ends_a_conversation_after_as_many_hours_as_are_configured() {
    let hours = SignedDuration::from_hours(3);
    let hub = TestHub::start_with(|options| options.conversation_silence = hours).await;
    let acme = hub.demo();
    let silent = talking(&hub, &acme, "sms", conversational()).await;
    hub.advance(SignedDuration::from_hours(2));
    let talked = talking(&hub, &acme, "wmsg", conversational()).await;
    says(&hub, "wmsg", "How much is it?").await;
    assert_eq!(hub.report(&acme, &silent).await["status"], "In Progress");
    hub.advance(SignedDuration::from_mins(61));
    assert_eq!(hub.until_status(&acme, &silent, "Completed").await["outcome"], "delivered");
    assert_eq!(hub.report(&acme, &talked).await["status"], "In Progress");
    hub.advance(SignedDuration::from_hours(2));
    assert_eq!(hub.until_status(&acme, &talked, "Completed").await["outcome"], "conversed");
}

// M2
#[tokio::test(flavor = "multi_thread")]
async fn a_text_message_costs_as_many_credits_as_it_has_segments() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for (channel, text, price) in [
        ("sms", "a".repeat(160), 1),
        ("sms", "a".repeat(161), 2),
        ("sms", "م".repeat(71), 2),
        ("wmsg", "a".repeat(400), 1),
        ("phone", "a".repeat(400), 1),
    ] {
        let before = hub.balance(&acme).await;
        let id = hub.started(&acme, with(integration(&acme, channel, ALEX), json!({"instruction": text}))).await;
        hub.until_status(&acme, &id, "Completed").await;
        assert_eq!(before - hub.balance(&acme).await, price, "{channel}: {text}");
    }
}
