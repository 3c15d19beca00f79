//! Batches paused, resumed, called off and tried again, and how they end (checklist I5).

use hub_fixture::TestHub;
use jiff::SignedDuration;
use serde_json::{Value, json};
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::campaigns::{errors, id, number, rows, shown, sms, steer, submitted, until_batch};
use crate::problem::problem;
use crate::requests::{ALEX, JORDAN, TALKER, with};

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_batch_sends_nothing_until_it_is_resumed() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let later = (hub.clock.now() + SignedDuration::from_hours(1)).to_string();
    let all = (0..3).map(|row| with(sms(&number(row)), json!({"scheduled_time": later})));
    let answer = submitted(&hub, &acme, all).await;
    for _ in 0..2 {
        let paused = steer(&hub, &acme, id(&answer), "pause").await.expect(200);
        assert_eq!(paused, json!({"ok": true, "batch_id": answer["batch_id"], "status": "Paused"}));
    }
    hub.advance(SignedDuration::from_hours(2));
    let other = submitted(&hub, &acme, [sms(ALEX)]).await;
    until_batch(&hub, &acme, id(&other), "Completed").await;
    assert_eq!(
        (shown(&hub, &acme, id(&answer)).await["counts"]["completed"].clone(), hub.messages("").await.len()),
        (json!(0), 1)
    );
    for _ in 0..2 {
        assert_eq!(steer(&hub, &acme, id(&answer), "resume").await.expect(200)["status"], "Running");
    }
    let batch = until_batch(&hub, &acme, id(&answer), "Completed").await;
    assert_eq!((&batch["counts"]["completed"], hub.messages("").await.len()), (&json!(3), 4));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_is_paused_after_its_last_row_went_out_comes_to_its_end() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let call = json!({"phone_number": TALKER, "channel": "phone", "instruction": "Say hello."});
    let answer = submitted(&hub, &acme, [call]).await;
    let row = hub
        .until("the only row is under way", || async {
            let batch = shown(&hub, &acme, id(&answer)).await;
            let under_way = batch["counts"]["in_progress"] == 1 && batch["rows"][0]["status"] == "In Progress";
            if under_way { Ok(batch["rows"][0].clone()) } else { Err(batch.to_string()) }
        })
        .await;
    steer(&hub, &acme, id(&answer), "pause").await.expect(200);
    hub.post(&acme, "/integration/cancel", json!({"engagement_id": row["engagement_id"]})).await.expect(200);
    let batch = until_batch(&hub, &acme, id(&answer), "Completed").await;
    assert_eq!(batch["counts"]["cancelled"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_batch_gives_back_what_was_not_sent_and_cannot_be_steered_any_more() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let later = (hub.clock.now() + SignedDuration::from_hours(1)).to_string();
    let answer = submitted(&hub, &acme, [sms(ALEX), with(sms(JORDAN), json!({"scheduled_time": later}))]).await;
    hub.until("the first row has ended", || async {
        let batch = shown(&hub, &acme, id(&answer)).await;
        if batch["counts"]["completed"] == 1 { Ok(()) } else { Err(batch.to_string()) }
    })
    .await;
    steer(&hub, &acme, id(&answer), "cancel").await.expect(200);
    let batch = until_batch(&hub, &acme, id(&answer), "Cancelled").await;
    assert_eq!((&batch["counts"]["completed"], &batch["counts"]["cancelled"]), (&json!(1), &json!(1)));
    assert_eq!(hub.balance(&acme).await, 9_999);
    assert_eq!(steer(&hub, &acme, id(&answer), "cancel").await.expect(200)["status"], "Cancelled");
    for verb in ["pause", "resume", "retry"] {
        assert!(problem(&steer(&hub, &acme, id(&answer), verb).await, 409).contains("Cancelled"), "{verb}");
    }
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

// G1
#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_batch_is_told_to_the_webhook_once() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    hub.put(&acme, "/account-settings/webhook", json!({"domain_name": "acme", "url": server.uri()})).await.expect(200);
    let answer = submitted(&hub, &acme, [sms(ALEX), sms("12"), sms("+15005550001")]).await;
    until_batch(&hub, &acme, id(&answer), "Completed").await;
    let told = async || -> Vec<Value> {
        let requests = server.received_requests().await.unwrap_or_default();
        let bodies = requests.iter().map(|request| request.body_json().expect("JSON"));
        bodies.filter(|body: &Value| body["event_type"] == "batch.completed").collect()
    };
    let told = hub
        .until("the end is told", || async {
            let told = told().await;
            if told.is_empty() { Err("nothing".to_owned()) } else { Ok(told) }
        })
        .await;
    assert_eq!(told.len(), 1);
    assert_eq!((&told[0]["batch_id"], &told[0]["delivery_type"]), (&answer["batch_id"], &json!("push")));
    let counts = json!({"waiting": 0, "in_progress": 0, "completed": 1, "failed": 1, "cancelled": 0});
    assert_eq!((&told[0]["counts"], &told[0]["skipped_calls"]), (&counts, &json!(1)));
}
