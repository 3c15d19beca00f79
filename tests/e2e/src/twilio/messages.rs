//! SMS and WhatsApp messages that Twilio sends, from the request to their receipt.

use jiff::SignedDuration;
use serde_json::json;

use super::support::{Line, SMS, WHATSAPP, contact, raw};
use crate::requests::{ALEX, integration, with};

// M1
#[tokio::test(flavor = "multi_thread")]
async fn a_message_says_what_it_is_told_and_goes_from_the_sender_of_its_channel() {
    let line = Line::open().await;
    for (channel, from, to) in
        [("sms", SMS.to_owned(), ALEX.to_owned()), ("wmsg", format!("whatsapp:{WHATSAPP}"), format!("whatsapp:{ALEX}"))]
    {
        let id = line.start(channel, ALEX).await;
        let sent = line.sent(&id, ALEX).await;
        assert_eq!((sent.form.get("From"), sent.form.get("To")), (Some(from.as_str()), Some(to.as_str())));
        let status = format!("{}/carriers/twilio/message/status?engagement_id={id}&attempt=1", line.hub.base_url);
        assert_eq!(sent.form.get("StatusCallback"), Some(status.as_str()));
    }
}

// M2
#[tokio::test(flavor = "multi_thread")]
async fn every_end_of_a_message_comes_to_its_state_and_its_outcome() {
    let line = Line::open().await;
    let table = [
        ("delivered", "", "Completed", "delivered"),
        ("read", "", "Completed", "delivered"),
        ("undelivered", "30003", "Failed", "temporarily_unavailable"),
        ("undelivered", "30004", "Failed", "rejected"),
        ("undelivered", "30005", "Failed", "invalid_number"),
        ("undelivered", "30006", "Failed", "invalid_number"),
        ("undelivered", "30007", "Failed", "refused"),
        ("undelivered", "30008", "Failed", "error"),
        ("undelivered", "30017", "Failed", "temporarily_unavailable"),
        ("undelivered", "30022", "Failed", "temporarily_unavailable"),
        ("undelivered", "63018", "Failed", "temporarily_unavailable"),
        ("undelivered", "63032", "Failed", "rejected"),
        ("undelivered", "21211", "Failed", "invalid_number"),
        ("undelivered", "21217", "Failed", "invalid_number"),
        ("undelivered", "21614", "Failed", "invalid_number"),
        ("undelivered", "63003", "Failed", "invalid_number"),
        ("undelivered", "63024", "Failed", "invalid_number"),
        ("undelivered", "30034", "Failed", "refused"),
        ("undelivered", "30410", "Failed", "refused"),
        ("undelivered", "63013", "Failed", "refused"),
        ("undelivered", "63049", "Failed", "refused"),
        ("undelivered", "63051", "Failed", "refused"),
        ("failed", "21610", "Failed", "opted_out"),
        ("failed", "63016", "Failed", "refused"),
        ("failed", "", "Failed", "error"),
    ];
    for (number, (status, code, state, outcome)) in table.into_iter().enumerate() {
        let contact = contact(number);
        let id = line.start("sms", &contact).await;
        let sent = line.sent(&id, &contact).await;
        for progress in ["queued", "sending", "sent"] {
            assert_eq!(line.twilio.report_message(&sent, progress, &[]).await.status, 204);
            assert_eq!(line.report(&id).await["status"], "In Progress");
        }
        let more: &[(&str, &str)] = if code.is_empty() { &[] } else { &[("ErrorCode", code)] };
        assert_eq!(line.twilio.report_message(&sent, status, more).await.status, 204);
        let report = line.report(&id).await;
        assert_eq!((&report["status"], &report["outcome"]), (&json!(state), &json!(outcome)), "{status} {code}");
        assert!(raw(&report).contains(status) && raw(&report).contains(code), "{report}");
        let said = if state == "Completed" { json!(["Say hello."]) } else { json!([]) };
        let told = report["transcript"].as_array().expect("turns").iter().map(|turn| turn["content"].clone());
        assert_eq!(json!(told.collect::<Vec<_>>()), said, "{status} {code}");
    }
}

// M2
#[tokio::test(flavor = "multi_thread")]
async fn a_message_without_a_receipt_counts_as_delivered_after_a_day() {
    let line = Line::open().await;
    let id = line.start("sms", ALEX).await;
    let sent = line.sent(&id, ALEX).await;
    line.twilio.report_message(&sent, "sent", &[]).await;
    line.hub.advance(SignedDuration::from_hours(2));
    // What is started after a look at the first one ends after it.
    let other = line.start("sms", &contact(1)).await;
    let other_sent = line.sent(&other, &contact(1)).await;
    line.twilio.report_message(&other_sent, "delivered", &[]).await;
    assert_eq!(line.report(&id).await["status"], "In Progress");
    line.hub.advance(SignedDuration::from_hours(23));
    let report = line.until(&id, "Completed").await;
    assert_eq!(report["outcome"], "delivered");
    assert!(report["summary"].as_str().is_some_and(|summary| summary.contains("no receipt")), "{report}");
}

// M1
#[tokio::test(flavor = "multi_thread")]
async fn test_mode_leaves_the_carrier_alone() {
    let line = Line::open().await;
    for channel in ["phone", "sms", "wmsg", "wvoice"] {
        let start = with(integration(&line.acme, channel, ALEX), json!({"test_mode": true}));
        let id = line.hub.started(&line.acme, start).await;
        line.until(&id, "Completed").await;
    }
    assert_eq!(line.twilio.asked(), 0);
}

// M2
#[tokio::test(flavor = "multi_thread")]
async fn receipts_that_come_twice_late_or_out_of_order_change_nothing_more() {
    let line = Line::open().await;
    let unknown: &[(&str, &str)] = &[("ErrorCode", "30005")];
    let later = [("sending", &[][..]), ("delivered", &[]), ("sent", &[]), ("queued", &[]), ("delivered", &[])];
    for (number, (first, more, state, outcome)) in
        [("delivered", &[][..], "Completed", "delivered"), ("undelivered", unknown, "Failed", "invalid_number")]
            .into_iter()
            .enumerate()
    {
        let contact = contact(number);
        let id = line.start("sms", &contact).await;
        let sent = line.sent(&id, &contact).await;
        line.twilio.report_message(&sent, first, more).await;
        let ended = line.report(&id).await;
        assert_eq!((&ended["status"], &ended["outcome"]), (&json!(state), &json!(outcome)));
        for (status, more) in later.into_iter().chain([("read", &[][..]), (first, more)]) {
            assert_eq!(line.twilio.report_message(&sent, status, more).await.status, 204, "{status}");
        }
        let report = line.report(&id).await;
        assert_eq!((&report["history"], &report["outcome"]), (&ended["history"], &ended["outcome"]), "{first}");
    }
}

// M1
#[tokio::test(flavor = "multi_thread")]
async fn an_instruction_that_no_message_can_carry_is_refused_with_how_much_is_too_much() {
    let line = Line::open().await;
    for (kind, question) in [("informational", 0), ("conversational", " Do you have any questions?".len())] {
        for channel in ["sms", "wmsg"] {
            let long = json!({"type": kind, "instruction": "x".repeat(1_601 - question)});
            let start = with(integration(&line.acme, channel, ALEX), long);
            let refused = line.hub.post(&line.acme, "/integration/start", start).await;
            assert_eq!((refused.status, refused.faulty_fields()), (400, vec!["instruction".to_owned()]));
            assert!(refused.text("detail").contains("shorten it by 1,"), "{}", refused.body);
            let fits = json!({"type": kind, "instruction": "x".repeat(1_600 - question)});
            let id = line.start_with(channel, fits).await;
            line.sent(&id, ALEX).await;
        }
    }
    line.start_with("phone", json!({"instruction": "x".repeat(1_601)})).await;
}
