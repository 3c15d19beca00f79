//! The failed rows of a batch, tried again in a batch of their own (checklist I5).

use hub_fixture::{Caller, TestHub};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};

use super::campaigns::{SUBMIT, campaign, errors, id, rows, shown, sms, steer, submitted, until_batch};
use crate::conversations::roles;
use crate::problem::{problem, state};
use crate::requests::{ALEX, JORDAN, with};
use crate::setup::booking;

/// A contact whom nothing reaches.
const INVALID: &str = "+15005550001";
/// A contact whose line is busy.
const BUSY: &str = "+15005550002";
/// A contact whose phone is off.
const UNAVAILABLE: &str = "+15005550005";

/// A batch of the demo domain whose rows have all ended.
async fn ended(hub: &TestHub, caller: &Caller, rows: impl IntoIterator<Item = Value>) -> Value {
    let answer = submitted(hub, caller, rows).await;
    until_batch(hub, caller, id(&answer), "Completed").await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_failed_rows_of_a_batch_are_tried_again_in_one_new_batch() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let answer = submitted(&hub, &acme, [sms(ALEX), sms("+15005550001"), sms("12"), sms("+15005550012")]).await;
    let first = until_batch(&hub, &acme, id(&answer), "Completed").await;
    assert_eq!((&first["counts"]["failed"], hub.balance(&acme).await), (&json!(2), 9_999));
    let retried = steer(&hub, &acme, id(&answer), "retry").await.expect(200);
    assert_eq!((&retried["queued_calls"], &retried["skipped_calls"]), (&json!(2), &json!(0)));
    assert_eq!(steer(&hub, &acme, id(&answer), "retry").await.expect(200), retried);
    let second = until_batch(&hub, &acme, id(&retried), "Completed").await;
    assert_eq!((&second["retry_of"], &second["retried_as"]), (&answer["batch_id"], &json!(null)));
    assert_eq!(shown(&hub, &acme, id(&answer)).await["retried_as"], retried["batch_id"]);
    let numbers: Vec<Value> = rows(&hub, &acme, id(&retried)).await.iter().map(|row| row["row"].clone()).collect();
    assert_eq!((numbers, hub.balance(&acme).await), (vec![json!(2), json!(4)], 9_999));
}

// I3, I6: who was not reached was not engaged lately, but may have asked to be left alone since.
#[tokio::test(flavor = "multi_thread")]
async fn of_the_failed_rows_those_are_tried_again_whose_contact_may_still_be_engaged() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    hub.set_domain("acme", json!({"customer_dedup_days": 7})).await;
    let long = with(sms("+15005550001"), json!({"instruction": "Say hello. ".repeat(100)}));
    let answer = submitted(&hub, &acme, [long, sms("+15005550012")]).await;
    assert_eq!(until_batch(&hub, &acme, id(&answer), "Completed").await["counts"]["failed"], 2);
    let listed =
        json!({"domain_name": "acme", "contact": "+15005550012", "channel": "sms", "reason": "Asked by phone."});
    hub.post(&acme, "/contacts/do-not-contact", listed).await.expect(200);
    let retried = steer(&hub, &acme, id(&answer), "retry").await.expect(200);
    assert_eq!(errors(&retried), ["Row 2: skipped — on the do-not-contact list for sms: Asked by phone."]);
    let contacts = rows(&hub, &acme, id(&retried)).await;
    assert_eq!((contacts.len(), &contacts[0]["contact_identifier"]), (1, &json!("+15005550001")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_without_failed_rows_or_not_yet_at_its_end_cannot_be_tried_again() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let later = (hub.clock.now() + SignedDuration::from_hours(1)).to_string();
    let waiting = submitted(&hub, &acme, [with(sms(ALEX), json!({"scheduled_time": later}))]).await;
    problem(&steer(&hub, &acme, id(&waiting), "retry").await, 409);
    let done = submitted(&hub, &acme, [sms(JORDAN)]).await;
    until_batch(&hub, &acme, id(&done), "Completed").await;
    assert!(problem(&steer(&hub, &acme, id(&done), "retry").await, 409).contains("none of its rows failed"));
}

// H1: the one retry that a batch has is not spent on a test.
#[tokio::test(flavor = "multi_thread")]
async fn a_test_key_tries_only_tests_again() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let tester = hub.with_key(&acme, json!({"name": "CI", "mode": "test"})).await;
    let live = ended(&hub, &acme, [sms(INVALID)]).await;
    let before = state(&hub, &acme).await;
    assert!(problem(&steer(&hub, &tester, id(&live), "retry").await, 403).contains("test key"));
    assert_eq!(state(&hub, &acme).await, before);
    assert_eq!(steer(&hub, &acme, id(&live), "retry").await.expect(200)["queued_calls"], 1);
    let test = ended(&hub, &tester, [sms(INVALID)]).await;
    let retried = steer(&hub, &tester, id(&test), "retry").await.expect(200);
    let row = rows(&hub, &tester, id(&retried)).await.remove(0);
    assert_eq!(hub.report(&tester, row["engagement_id"].as_str().expect("an id")).await["test_mode"], true);
    assert_eq!(shown(&hub, &tester, id(&retried)).await["credits"], 0);
}

// I7
#[tokio::test(flavor = "multi_thread")]
async fn a_long_message_costs_its_segments_again() {
    let hub = TestHub::start().await;
    let poor = hub.account("poor", 8).await;
    let long = with(sms(INVALID), json!({"instruction": "Say hello. ".repeat(100)}));
    let submit = async |row| {
        let answer = hub.post(&poor, SUBMIT, with(campaign([row]), json!({"domain_name": "poor"}))).await.expect(200);
        until_batch(&hub, &poor, id(&answer), "Completed").await
    };
    let first = submit(long).await;
    assert_eq!((&first["credits"], hub.balance(&poor).await), (&json!(8), 8));
    submit(sms(ALEX)).await;
    let detail = problem(&steer(&hub, &poor, id(&first), "retry").await, 402);
    assert!(detail.contains("cost 8, and 1 are missing"), "{detail}");
    let credits = format!("/admin/accounts/{}/credits", poor.account_id);
    hub.admin(Method::POST, &credits, Some(json!({"amount": 1, "reason": "Paid."}))).await;
    let retried = steer(&hub, &poor, id(&first), "retry").await.expect(200);
    let second = until_batch(&hub, &poor, id(&retried), "Completed").await;
    assert_eq!((&second["credits"], hub.balance(&poor).await), (&json!(8), 8));
}

// M4
#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_that_failed_begins_anew() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let conversation = |channel| with(sms(UNAVAILABLE), json!({"channel": channel, "call_type": "conversational"}));
    for channel in ["sms", "wmsg"] {
        let first = ended(&hub, &acme, [conversation(channel)]).await;
        let retried = steer(&hub, &acme, id(&first), "retry").await.expect(200);
        let second = until_batch(&hub, &acme, id(&retried), "Completed").await;
        for batch in [first, second] {
            let row = batch["rows"][0]["engagement_id"].as_str().expect("an id");
            assert_eq!(roles(&hub.report(&acme, row).await), ["assistant"], "{channel}: {batch}");
        }
    }
}

// D1, D2
#[tokio::test(flavor = "multi_thread")]
async fn rows_that_the_domain_is_not_set_up_for_any_more_are_skipped_with_the_reason() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let booking_id = booking(&hub, &acme).await;
    let confirming = json!({"channel": "phone", "call_type": "confirmational", "booking_id": booking_id});
    let whatsapp = with(sms(UNAVAILABLE), json!({"channel": "wmsg"}));
    let first = ended(&hub, &acme, [sms(INVALID), with(sms(BUSY), confirming), whatsapp]).await;
    assert_eq!(first["counts"]["failed"], 3);
    let path = acme.at(&format!("/bookings/{booking_id}"));
    hub.call(Method::DELETE, &path, &acme.api_key, None, &[]).await.expect(200);
    hub.set_domain("acme", json!({"channels": ["sms", "phone"]})).await;
    let retried = steer(&hub, &acme, id(&first), "retry").await.expect(200);
    assert_eq!((&retried["queued_calls"], &retried["skipped_calls"]), (&json!(1), &json!(2)));
    let told = errors(&retried);
    assert!(told[0].starts_with("Row 2: skipped — ") && told[0].contains("is cancelled"), "{told:?}");
    assert!(told[1].starts_with("Row 3: skipped — ") && told[1].contains("wmsg is not enabled"), "{told:?}");
}

// A4
#[tokio::test(flavor = "multi_thread")]
async fn where_no_failed_row_can_be_engaged_they_are_named_and_nothing_is_created() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let first = ended(&hub, &acme, [sms(INVALID)]).await;
    hub.set_domain("acme", json!({"channels": ["email"]})).await;
    let before = state(&hub, &acme).await;
    let answer = steer(&hub, &acme, id(&first), "retry").await;
    assert!(problem(&answer, 400).contains("No row can be engaged"));
    assert!(answer.body["errors"].to_string().contains("not enabled"), "{}", answer.body);
    assert_eq!(state(&hub, &acme).await, before);
    assert_eq!(shown(&hub, &acme, id(&first)).await["retried_as"], json!(null));
    hub.set_domain("acme", json!({"channels": ["email", "sms"]})).await;
    steer(&hub, &acme, id(&first), "retry").await.expect(200);
}

// A4
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_tried_again_while_the_domain_is_paused() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let first = ended(&hub, &acme, [sms(INVALID)]).await;
    hub.set_domain("acme", json!({"engagement_hub_paused": true})).await;
    let paused = steer(&hub, &acme, id(&first), "retry").await;
    problem(&paused, 503);
    assert!(paused.headers.contains_key("retry-after"));
    hub.set_domain("acme", json!({"engagement_hub_paused": false})).await;
    steer(&hub, &acme, id(&first), "retry").await.expect(200);
}
