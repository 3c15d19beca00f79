//! Conversations by SMS and WhatsApp: what contacts write, and what they are answered (checklist M4, M5).

use futures::future::join_all;
use hub_fixture::twilio::{Behaviour, Sent};
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::json;

use super::support::{Line, SMS, TEMPLATE};
use crate::conversations::{booking_status, new_booking, open_calendar};
use crate::requests::{ALEX, JORDAN, integration, with};
use crate::setup;

impl Line {
    async fn asks(&self, channel: &str) -> String {
        let booking_id = setup::booking(&self.hub, &self.acme).await;
        let confirm = json!({"type": "confirmational", "booking_id": booking_id, "instruction": "Your visit is at 9."});
        self.hub.started(&self.acme, with(integration(&self.acme, channel, ALEX), confirm)).await
    }

    async fn until_sent(&self, number: usize) -> Sent {
        let sent = || async {
            let mut sent = self.twilio.messages();
            if sent.len() >= number { Ok(sent.swap_remove(number - 1)) } else { Err(sent.len().to_string()) }
        };
        self.hub.until(&format!("message {number} is sent"), sent).await
    }
}

// M4
#[tokio::test(flavor = "multi_thread")]
async fn a_reply_goes_on_with_its_conversation_and_is_answered_once_though_brought_twice() {
    for channel in ["sms", "wmsg"] {
        let line = Line::open().await;
        let id = line.asks(channel).await;
        line.sent(&id, ALEX).await;
        let reply = line.writes(channel, "SM00000000000000000000000000000001", "Yes, I will be there").await;
        assert_eq!((reply.status, reply.texts("Message").len()), (200, 0));
        let answer = line.until_sent(2).await;
        assert!(answer.form.get("Body").is_some_and(|body| !body.is_empty()), "{answer:?}");
        line.writes(channel, "SM00000000000000000000000000000001", "Yes, I will be there").await;
        let report = line.until(&id, "Completed").await;
        assert_eq!(report["outcome"], "confirmed", "{channel}");
        assert_eq!(line.twilio.messages().len(), 2, "{channel}");
    }
}

// M4
#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_of_the_opening_does_not_end_a_conversation() {
    let line = Line::open().await;
    let id = line.asks("sms").await;
    let sent = line.sent(&id, ALEX).await;
    line.twilio.report_message(&sent, "delivered", &[]).await;
    assert_eq!(line.report(&id).await["status"], "In Progress");
    line.hub.advance(SignedDuration::from_hours(25));
    assert_eq!(line.until(&id, "Completed").await["outcome"], "delivered");
}

// M2
#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_the_opening_was_lost_says_nothing_once_the_contact_has_answered() {
    let line = Line::open().await;
    let id = line.start_with("sms", json!({"type": "conversational"})).await;
    let opening = line.sent(&id, ALEX).await;
    line.writes("sms", "SM1", "What does it cost?").await;
    line.until_sent(2).await;
    line.twilio.report_message(&opening, "undelivered", &[("ErrorCode", "30008")]).await;
    line.writes("sms", "SM2", "No").await;
    let report = line.until(&id, "Completed").await;
    assert_eq!(report["outcome"], "conversed");
    assert!(report["history"].to_string().contains("30008"), "{report}");
    line.twilio.report_message(&opening, "failed", &[("ErrorCode", "30006")]).await;
    assert_eq!(line.report(&id).await["outcome"], "conversed");
}

// M2, N2
#[tokio::test(flavor = "multi_thread")]
async fn who_has_opted_out_as_a_receipt_tells_is_not_written_to_again() {
    let line = Line::open().await;
    let id = line.start("sms", ALEX).await;
    let sent = line.sent(&id, ALEX).await;
    line.twilio.report_message(&sent, "failed", &[("ErrorCode", "21610")]).await;
    assert_eq!(line.until(&id, "Failed").await["outcome"], "opted_out");
    line.hub.post(&line.acme, "/integration/start", integration(&line.acme, "sms", ALEX)).await.expect(403);
}

// M4
#[tokio::test(flavor = "multi_thread")]
async fn stop_is_confirmed_once_and_nobody_is_written_to_again() {
    let line = Line::open().await;
    let id = line.asks("sms").await;
    line.sent(&id, ALEX).await;
    let confirmed = line.writes("sms", "SM2", "STOP").await;
    assert_eq!(confirmed.texts("Message").len(), 1, "{}", confirmed.body);
    assert_eq!(line.writes("sms", "SM2", "STOP").await.texts("Message").len(), 0, "brought twice");
    assert_eq!(line.until(&id, "Completed").await["outcome"], "opted_out");
    line.hub.post(&line.acme, "/integration/start", integration(&line.acme, "sms", ALEX)).await.expect(403);
    // START takes it back.
    assert_eq!(line.writes("sms", "SM3", "START").await.texts("Message").len(), 1);
    line.start("sms", ALEX).await;
}

// M4
#[tokio::test(flavor = "multi_thread")]
async fn a_reply_belongs_to_what_was_sent_last_however_long_ago_that_was_accepted() {
    let line = Line::open().await;
    let at = (line.hub.now() + SignedDuration::from_hours(1)).to_string();
    let scheduled = line.start_with("sms", json!({"type": "conversational", "scheduled_time": at})).await;
    let at_once = line.start_with("sms", json!({"type": "conversational"})).await;
    line.sent(&at_once, ALEX).await;
    line.hub.advance(SignedDuration::from_hours(1));
    line.sent(&scheduled, ALEX).await;
    line.writes("sms", "SM1", "No").await;
    assert_eq!(line.until(&scheduled, "Completed").await["outcome"], "conversed");
    assert_eq!(line.report(&at_once).await["status"], "In Progress");
    // What was sent before it is next.
    line.writes("sms", "SM2", "No").await;
    line.until(&at_once, "Completed").await;
}

// M4
#[tokio::test(flavor = "multi_thread")]
async fn stop_counts_while_nobody_knows_whether_the_opening_has_left() {
    let line = Line::open().await;
    line.twilio.next(Behaviour::BreaksBefore, 1);
    let id = line.start_with("sms", json!({"type": "conversational"})).await;
    line.hub
        .until("Twilio was asked", || async { if line.twilio.asked() > 0 { Ok(()) } else { Err("no".to_owned()) } })
        .await;
    let confirmed = line.writes("sms", "SM1", "STOP").await;
    assert_eq!((confirmed.status, confirmed.texts("Message").len()), (200, 1), "{}", confirmed.body);
    let pace = line.hub.local.hub.settings.pace;
    line.hub.advance(pace.lease + SignedDuration::from_secs(1));
    line.hub
        .until("it is unconfirmed", || async {
            let report = line.report(&id).await;
            if report.to_string().contains("Unconfirmed") { Ok(()) } else { Err(report.to_string()) }
        })
        .await;
    line.hub.advance(pace.grace + SignedDuration::from_secs(1));
    assert_eq!(line.until(&id, "Failed").await["outcome"], "do_not_contact");
    assert_eq!(line.twilio.asked(), 1);
}

// M4
#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_comes_before_it_is_known_that_the_opening_has_left_is_answered_then() {
    let line = Line::open().await;
    line.twilio.next(Behaviour::BreaksAfter, 1);
    let id = line.start_with("sms", json!({"type": "conversational"})).await;
    line.until_sent(1).await;
    for _ in 0..2 {
        assert_eq!(line.writes("sms", "SM1", "What does it cost?").await.status, 200);
    }
    line.hub.advance(line.hub.local.hub.settings.pace.lease + SignedDuration::from_secs(1));
    line.until_sent(2).await;
    line.writes("sms", "SM2", "No").await;
    let report = line.until(&id, "Completed").await;
    let said = report["transcript"].as_array().expect("turns").iter().map(|turn| &turn["content"]);
    assert_eq!(said.filter(|said| **said == "What does it cost?").count(), 1, "{report}");
    assert_eq!(line.twilio.messages().len(), 3);
}

// M4
#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_nobodys_conversation_is_kept_out() {
    let line = Line::open().await;
    let reply = line.writes("sms", "SM4", "Hello, who is there?").await;
    assert_eq!((reply.status, reply.texts("Message").len()), (200, 0));
    let url = format!("{}/carriers/twilio/message/inbound", line.hub.base_url);
    for (query, status) in [("", 403), ("?domain_name=nobody", 403), ("?domain_name=acme", 200)] {
        let reply = line.twilio.brings(&format!("{url}{query}"), "SM5", ALEX, "+14165550999", "STOP").await;
        assert_eq!((reply.status, reply.texts("Message").len()), (status, 0), "{query}");
    }
    line.start("sms", ALEX).await;
}

// M4
#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_not_signed_is_not_heard() {
    let line = Line::open().await;
    let url = format!("{}/carriers/twilio/message/inbound?domain_name=acme", line.hub.base_url);
    let fields = [("MessageSid", "SM6"), ("From", ALEX), ("To", SMS), ("Body", "STOP")];
    assert_eq!(line.twilio.post_signed_with("another-token", &url, &fields).await.status, 403);
    line.start("sms", ALEX).await;
}

// M1
#[tokio::test(flavor = "multi_thread")]
async fn whatsapp_writes_freely_for_a_day_after_the_contact_has_and_else_by_its_template() {
    let line = Line::open().await;
    let by_template = |sent: &Sent| sent.form.get("ContentSid") == Some(TEMPLATE);
    let id = line.start("wmsg", ALEX).await;
    assert!(by_template(&line.sent(&id, ALEX).await));
    line.writes("wmsg", "SM7", "Hello").await;
    let id = line.start("wmsg", ALEX).await;
    let sent = line.sent(&id, ALEX).await;
    assert_eq!((by_template(&sent), sent.form.get("Body")), (false, Some("Say hello.")));
    line.hub.advance(SignedDuration::from_hours(25));
    let id = line.start("wmsg", ALEX).await;
    assert!(by_template(&line.sent(&id, ALEX).await));
}

// M1
#[tokio::test(flavor = "multi_thread")]
async fn whatsapp_without_a_template_says_what_is_missing() {
    let line = Line::open_with(json!({"whatsapp_template": null})).await;
    let id = line.start("wmsg", ALEX).await;
    let report = line.until(&id, "Failed").await;
    assert!(report["summary"].as_str().is_some_and(|summary| summary.contains("whatsapp_template")), "{report}");
    assert_eq!((line.twilio.asked(), line.hub.balance(&line.acme).await), (0, 10_000));
}

// M5
#[tokio::test(flavor = "multi_thread")]
async fn a_reply_whose_answer_was_lost_is_found_in_the_list_and_not_sent_again() {
    let line = Line::open().await;
    let id = line.asks("sms").await;
    line.sent(&id, ALEX).await;
    line.twilio.next(Behaviour::BreaksAfter, 1);
    line.writes("sms", "SM8", "Yes, I will be there").await;
    line.until_sent(2).await;
    let pace = line.hub.local.hub.settings.pace;
    line.hub.advance(pace.lease + SignedDuration::from_secs(1));
    assert_eq!(line.until(&id, "Completed").await["outcome"], "confirmed");
    line.hub.advance(pace.grace + SignedDuration::from_secs(1));
    assert_eq!((line.twilio.messages().len(), line.twilio.asked()), (2, 2));
}

// M5, M6
#[tokio::test(flavor = "multi_thread")]
async fn a_booking_is_declined_by_message() {
    let line = Line::open().await;
    let id = line.asks("sms").await;
    line.sent(&id, ALEX).await;
    line.writes("sms", "SM1", "No").await;
    assert_eq!(line.until(&id, "Completed").await["outcome"], "declined");
}

// M5, M6
#[tokio::test(flavor = "multi_thread")]
async fn who_agrees_to_a_time_that_the_booking_has_no_more_is_told_the_new_one_and_asked_again() {
    for (word, outcome) in [("Yes", "confirmed"), ("No", "declined")] {
        let line = Line::open().await;
        let booking = new_booking(&line.hub, &line.acme).await;
        let id = line.start_with("sms", json!({"type": "confirmational", "booking_id": booking})).await;
        line.sent(&id, ALEX).await;
        let shown = line.hub.get(&line.acme, &line.acme.at(&format!("/bookings/{booking}"))).await.expect(200);
        let before: Timestamp = shown["starts_at"].as_str().expect("a time").parse().expect("a time");
        let moved = json!({"domain_name": "acme", "starts_at": (before + SignedDuration::from_hours(3)).to_string()});
        let path = format!("/bookings/{booking}");
        line.hub.call(Method::PATCH, &path, &line.acme.api_key, Some(moved), &[]).await.expect(200);
        line.writes("sms", "SM1", word).await;
        let asked = line.until_sent(2).await;
        let asked = asked.form.get("Body").expect("a text");
        assert!(
            asked.starts_with("Your appointment has been moved: ") && asked.contains("Will you be there?"),
            "{asked}"
        );
        assert_eq!(booking_status(&line.hub, &line.acme, &booking).await, "booked");
        line.writes("sms", "SM2", word).await;
        assert_eq!(line.until(&id, "Completed").await["outcome"], outcome);
        assert_eq!(booking_status(&line.hub, &line.acme, &booking).await, outcome);
    }
}

// M5, M6
#[tokio::test(flavor = "multi_thread")]
async fn a_time_that_someone_else_took_meanwhile_is_offered_anew() {
    let line = Line::open().await;
    open_calendar(&line.hub, &line.acme).await;
    let id = line.start_with("sms", json!({"type": "appointment_booking"})).await;
    line.sent(&id, ALEX).await;
    let called = line.start_with("phone", json!({"type": "appointment_booking"})).await;
    let call = line.placed(&called, ALEX).await;
    let listening = line.twilio.answer(&call, "human").await;
    take_the_first_slot(&line).await;
    line.writes("sms", "SM1", "1").await;
    let again = line.until_sent(2).await;
    assert!(again.form.get("Body").is_some_and(|body| body.contains("1)")), "{again:?}");
    let again = line.twilio.say(&call, &listening, Some("1")).await;
    assert!(again.texts("Say").concat().contains("1)"), "{}", again.body);
    line.writes("sms", "SM2", "1").await;
    assert_eq!(line.until(&id, "Completed").await["outcome"], "booked");
    let taken = line.twilio.say(&call, &again, Some("1")).await;
    line.twilio.say(&call, &taken, Some("2")).await;
    assert_eq!(line.until(&called, "Completed").await["outcome"], "booked");
}

/// Someone at the counter books the first slot that is offered.
async fn take_the_first_slot(line: &Line) {
    let offer = line.hub.get(&line.acme, &line.acme.at("/bookings/slots")).await.expect(200);
    let fields = json!({"domain_name": "acme", "phone_number": JORDAN, "starts_at": offer["slots"][0]["starts_at"]});
    line.hub.post(&line.acme, "/bookings", fields).await.expect(201);
}

// M4
#[tokio::test(flavor = "multi_thread")]
async fn messages_that_come_at_once_are_all_heard() {
    let line = Line::open().await;
    let id = line.start_with("sms", json!({"type": "conversational"})).await;
    line.sent(&id, ALEX).await;
    let sids: Vec<String> = (0..8).map(|number| format!("SM{number}")).collect();
    let brought = join_all(sids.iter().map(|sid| line.writes("sms", sid, "What does it cost?"))).await;
    assert!(brought.iter().all(|reply| reply.status == 200));
    let heard = || async {
        let report = line.report(&id).await;
        let turns = report["transcript"].as_array().cloned().unwrap_or_default();
        let heard = turns.iter().filter(|turn| turn["role"] == "user").count();
        let answered = turns.last().is_some_and(|turn| turn["role"] == "assistant");
        if heard == 8 && answered { Ok(()) } else { Err(report["transcript"].to_string()) }
    };
    line.hub.until("every message is heard and answered", heard).await;
}
