//! Batches paused, resumed and called off, and how they end (checklist I5).

use hub_fixture::{Caller, TestHub};
use jiff::SignedDuration;
use serde_json::{Value, json};
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::campaigns::{id, number, shown, sms, steer, submitted, until_batch};
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

/// A server that is told of the demo domain.
async fn told_server(hub: &TestHub, acme: &Caller) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    hub.put(acme, "/account-settings/webhook", json!({"domain_name": "acme", "url": server.uri()})).await.expect(200);
    server
}

/// What a server is told of the ends of batches, as soon as it is told of one.
async fn told_ends(hub: &TestHub, server: &MockServer) -> Vec<Value> {
    hub.until("the end is told", || async {
        let requests = server.received_requests().await.unwrap_or_default();
        let bodies = requests.iter().map(|request| request.body_json().expect("JSON"));
        let told: Vec<Value> = bodies.filter(|body: &Value| body["event_type"] == "batch.completed").collect();
        if told.is_empty() { Err("nothing".to_owned()) } else { Ok(told) }
    })
    .await
}

// G1
#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_batch_is_told_to_the_webhook_once() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let server = told_server(&hub, &acme).await;
    let answer = submitted(&hub, &acme, [sms(ALEX), sms("12"), sms("+15005550001")]).await;
    until_batch(&hub, &acme, id(&answer), "Completed").await;
    let told = told_ends(&hub, &server).await;
    assert_eq!(told.len(), 1);
    assert_eq!((&told[0]["batch_id"], &told[0]["delivery_type"]), (&answer["batch_id"], &json!("push")));
    let counts = json!({"waiting": 0, "in_progress": 0, "completed": 1, "failed": 1, "cancelled": 0});
    assert_eq!((&told[0]["counts"], &told[0]["skipped_calls"]), (&counts, &json!(1)));
}

// G1
#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_cancelled_batch_is_told_too() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let server = told_server(&hub, &acme).await;
    let later = (hub.clock.now() + SignedDuration::from_hours(1)).to_string();
    let answer = submitted(&hub, &acme, [with(sms(ALEX), json!({"scheduled_time": later}))]).await;
    steer(&hub, &acme, id(&answer), "cancel").await.expect(200);
    let told = told_ends(&hub, &server).await;
    let counts = json!({"waiting": 0, "in_progress": 0, "completed": 0, "failed": 0, "cancelled": 1});
    assert_eq!((told.len(), &told[0]["status"], &told[0]["counts"]), (1, &json!("Cancelled"), &counts));
}
