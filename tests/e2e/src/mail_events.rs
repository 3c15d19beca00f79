//! What the mail service tells of a mail after it was sent (checklist M3): each event in the shape that SES publishes it.

use aws_sdk_sqs::Client;
use hub_fixture::{Caller, TestHub};
use serde_json::{Value, json};

use crate::requests::integration;

const CUSTOMER: &str = "customer@example.com";

/// A mail that has left, with its own events done.
async fn mail(hub: &TestHub, acme: &Caller) -> String {
    let id = hub.started(acme, integration(acme, "email", CUSTOMER)).await;
    hub.sent_report(acme, &id).await;
    id
}

/// Has SES tell an event of an engagement's mail, as often as is said, and waits until it was heard.
async fn tell(hub: &TestHub, id: &str, event: &Value, times: usize) {
    let mail = json!({"messageId": "0100-told", "tags": {"engagement_id": [id], "attempt": ["1"]}});
    let mut detail = event.clone();
    detail["mail"] = mail;
    let body = json!({"version": "0", "source": "aws.ses", "detail-type": "Email Event", "detail": detail}).to_string();
    let (client, url) = (Client::new(&hub.local.embedded.sdk_config()), hub.local.embedded.queue_url("email-events"));
    for _ in 0..times {
        client.send_message().queue_url(&url).message_body(&body).send().await.expect("it is told");
    }
    hub.until_quiet().await;
}

fn bounce(kind: &str) -> Value {
    let recipient =
        json!({"emailAddress": CUSTOMER, "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 no such user"});
    json!({"eventType": "Bounce", "bounce": {"bounceType": kind, "bouncedRecipients": [recipient]}})
}

fn complaint() -> Value {
    json!({"eventType": "Complaint", "complaint": {"complainedRecipients": [{"emailAddress": CUSTOMER}]}})
}

fn delay() -> Value {
    let recipient = json!({"emailAddress": CUSTOMER, "status": "4.2.2", "diagnosticCode": "smtp; 452 mailbox full"});
    json!({"eventType": "DeliveryDelay", "deliveryDelay": {"delayType": "MailboxFull", "delayedRecipients": [recipient]}})
}

async fn listed(hub: &TestHub, acme: &Caller) -> bool {
    let path = format!("/contacts/do-not-contact/check?domain_name=acme&contact={CUSTOMER}&channel=email");
    hub.get(acme, &path).await.expect(200)["listed"] == true
}

fn count(report: &Value, event_type: &str) -> usize {
    let history = report["history"].as_array().expect("a history");
    history.iter().filter(|entry| entry["event_type"] == event_type).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_event_has_its_outcome_and_only_hard_bounces_and_complaints_close_the_address() {
    for (event, outcome, closes) in [
        (json!({"eventType": "Delivery", "delivery": {}}), "delivered", false),
        (delay(), "delivered", false),
        (bounce("Transient"), "bounced", false),
        (bounce("Permanent"), "bounced", true),
        (complaint(), "complained", true),
        (json!({"eventType": "Reject", "reject": {"reason": "Bad content"}}), "refused", false),
    ] {
        let hub = TestHub::start().await;
        let acme = hub.demo();
        let id = mail(&hub, &acme).await;
        tell(&hub, &id, &event, 1).await;
        let report = hub.report(&acme, &id).await;
        assert_eq!((&report["status"], &report["outcome"]), (&json!("Completed"), &json!(outcome)), "{event}");
        assert_eq!(listed(&hub, &acme).await, closes, "{event}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_is_told_twice_counts_once() {
    for (event, history) in [(bounce("Permanent"), "Updated"), (complaint(), "Updated"), (delay(), "Noted")] {
        let hub = TestHub::start().await;
        let acme = hub.demo();
        let id = mail(&hub, &acme).await;
        let before = count(&hub.report(&acme, &id).await, history);
        tell(&hub, &id, &event, 3).await;
        assert_eq!(count(&hub.report(&acme, &id).await, history), before + 1, "{event}");
        assert_eq!(hub.messages("").await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn events_in_the_wrong_order_do_not_take_a_bounce_back() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = mail(&hub, &acme).await;
    tell(&hub, &id, &bounce("Permanent"), 1).await;
    for late in [json!({"eventType": "Send", "send": {}}), delay(), json!({"eventType": "Delivery", "delivery": {}})] {
        tell(&hub, &id, &late, 1).await;
    }
    let report = hub.report(&acme, &id).await;
    assert_eq!((&report["status"], &report["outcome"]), (&json!("Completed"), &json!("bounced")));
    assert!(report["summary"].as_str().is_some_and(|summary| summary.contains("no such user")), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_comes_again_after_another_does_not_take_that_back() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = mail(&hub, &acme).await;
    let rejected = json!({"eventType": "Reject", "reject": {"reason": "Bad content"}});
    for (event, outcome) in [
        (bounce("Transient"), "bounced"),
        (rejected.clone(), "refused"),
        (bounce("Transient"), "refused"),
        (complaint(), "complained"),
        (rejected, "complained"),
        (bounce("Permanent"), "complained"),
    ] {
        tell(&hub, &id, &event, 1).await;
        assert_eq!(hub.report(&acme, &id).await["outcome"], outcome, "{event}");
    }
    assert_eq!(count(&hub.report(&acme, &id).await, "Updated"), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bounce_that_is_told_late_does_not_hide_a_complaint() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = mail(&hub, &acme).await;
    for event in [complaint(), bounce("Transient")] {
        tell(&hub, &id, &event, 1).await;
    }
    let report = hub.report(&acme, &id).await;
    assert_eq!((&report["outcome"], count(&report, "Updated")), (&json!("complained"), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delay_is_told_in_the_history() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = mail(&hub, &acme).await;
    tell(&hub, &id, &delay(), 1).await;
    let history = hub.report(&acme, &id).await["history"].to_string();
    assert!(history.contains("has not been able to deliver it yet: smtp; 452 mailbox full"), "{history}");
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_mails_that_the_hub_does_not_know_change_nothing() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = mail(&hub, &acme).await;
    let before = hub.report(&acme, &id).await["history"].clone();
    tell(&hub, "eng_000000000000000000000000", &bounce("Permanent"), 1).await;
    tell(&hub, "somebody-elses", &complaint(), 1).await;
    assert_eq!(hub.report(&acme, &id).await["history"], before);
    assert!(!listed(&hub, &acme).await);
}
