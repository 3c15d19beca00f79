//! Emails that a model writes from an instruction (checklist E4).

use std::time::Duration;

use hub_fixture::{Caller, TestHub};
use hub_local::Model;
use jiff::SignedDuration;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::requests::{direct, integration, with};

const INSTRUCTION: &str = "Tell them the office moves to 1 King Street.";

/// A hub whose model is asked at a server of the test.
async fn hub_with(model: &MockServer) -> TestHub {
    let model = Model { id: "test.writer-v1".to_owned(), endpoint: Some(model.uri()) };
    TestHub::start_with(|options| options.model = Some(model)).await
}

/// A model that answers this, so many times if a number is given.
async fn answers(model: &MockServer, answer: ResponseTemplate, times: impl Into<Option<u64>>) {
    let mock = Mock::given(method("POST")).and(path("/model/test.writer-v1/converse")).respond_with(answer);
    match times.into() {
        Some(times) => mock.up_to_n_times(times).mount(model).await,
        None => mock.mount(model).await,
    }
}

fn paragraph(text: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({
        "output": {"message": {"role": "assistant", "content": [{"text": text}]}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2},
        "metrics": {"latencyMs": 1},
    }))
}

fn error(status: u16, code: &str, message: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).insert_header("x-amzn-errortype", code).set_body_json(json!({"message": message}))
}

/// Starts an email that has nothing but an instruction.
async fn started(hub: &TestHub, acme: &Caller) -> String {
    let changes = json!({"instruction": INSTRUCTION, "client_name": "Alex Morgan", "language": "de"});
    hub.started(acme, with(integration(acme, "email", "customer@example.com"), changes)).await
}

async fn until_retried(hub: &TestHub, acme: &Caller, id: &str, times: usize) {
    hub.until(&format!("{id} is retried {times} times"), || async {
        let report = hub.report(acme, id).await;
        let history = report["history"].as_array().expect("a history");
        let retried = history.iter().filter(|entry| entry["event_type"] == "Retried").count();
        if retried >= times { Ok(()) } else { Err(report.to_string()) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_model_writes_is_the_mails_paragraph_and_the_instruction_goes_to_it_as_data() {
    let model = MockServer::start().await;
    answers(&model, paragraph("Guten Tag Alex Morgan, wir ziehen um & freuen uns: 1 < 2."), None).await;
    let hub = hub_with(&model).await;
    let acme = hub.demo();
    let id = started(&hub, &acme).await;
    hub.until_status(&acme, &id, "Completed").await;
    let mail = hub.messages(&format!("engagement_id={id}")).await.remove(0);
    let html = mail["html"].as_str().expect("html");
    assert!(html.contains("<p>Guten Tag Alex Morgan, wir ziehen um &amp; freuen uns: 1 &lt; 2.</p>"), "{html}");

    let asked = model.received_requests().await.expect("requests");
    let [asked] = asked.as_slice() else { panic!("{asked:?}") };
    let asked: Value = asked.body_json().expect("JSON");
    let brief = asked["messages"][0]["content"][0]["text"].as_str().expect("a text");
    let brief: Value = serde_json::from_str(brief).expect("the brief is JSON");
    assert_eq!((&brief["instruction"], &brief["language"]), (&json!(INSTRUCTION), &json!("German")));
    assert!(!asked["system"].to_string().contains("King Street"), "{asked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_throttled_model_is_asked_again_and_the_mail_goes_out_once() {
    let model = MockServer::start().await;
    answers(&model, error(429, "ThrottlingException", "Too many requests, please wait."), 2).await;
    answers(&model, paragraph("Wir ziehen um."), None).await;
    let hub = hub_with(&model).await;
    let acme = hub.demo();
    let id = started(&hub, &acme).await;
    for (failures, wait) in [(1, 6), (2, 11)] {
        until_retried(&hub, &acme, &id, failures).await;
        hub.advance(SignedDuration::from_secs(wait));
    }
    hub.until_status(&acme, &id, "Completed").await;
    let mails = hub.messages(&format!("engagement_id={id}")).await;
    assert_eq!((mails.len(), &mails[0]["times_sent"]), (1, &json!(1)));
    assert_eq!(model.received_requests().await.expect("requests").len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_waits_for_a_model_that_writes_slowly() {
    let model = MockServer::start().await;
    answers(&model, paragraph("Wir ziehen um.").set_delay(Duration::from_secs(1)), None).await;
    let hub = hub_with(&model).await;
    let acme = hub.demo();
    let id = started(&hub, &acme).await;
    hub.until("the model is asked", || async {
        let asked = model.received_requests().await.unwrap_or_default();
        if asked.is_empty() { Err(String::new()) } else { Ok(()) }
    })
    .await;
    hub.advance(SignedDuration::from_secs(20));
    hub.until_status(&acme, &id, "Completed").await;
    assert_eq!(model.received_requests().await.expect("requests").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_stays_out_of_order_fails_the_mail_in_the_end_with_its_reason() {
    let model = MockServer::start().await;
    answers(&model, error(503, "ServiceUnavailableException", "The model is warming up."), None).await;
    let hub = hub_with(&model).await;
    let acme = hub.demo();
    let id = started(&hub, &acme).await;
    for failures in 1..16 {
        until_retried(&hub, &acme, &id, failures).await;
        hub.advance(SignedDuration::from_secs(15 * 60 + 6));
    }
    let report = hub.until_status(&acme, &id, "Failed").await;
    assert!(
        report["summary"]
            .as_str()
            .is_some_and(|why| why.contains("The model could not write now.") && !why.contains("warming up")),
        "{report}"
    );
    assert!(hub.messages("").await.is_empty());
    assert_eq!(hub.balance(&acme).await, 10_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_may_not_be_used_fails_the_mail_and_says_what_to_do() {
    let model = MockServer::start().await;
    answers(&model, error(403, "AccessDeniedException", "You don't have access to the model."), None).await;
    let hub = hub_with(&model).await;
    let acme = hub.demo();
    let id = started(&hub, &acme).await;
    let report = hub.until_status(&acme, &id, "Failed").await;
    let why = report["summary"].as_str().unwrap_or_default();
    assert!(!why.contains("You don't have access to the model."), "what the service says is for the log: {report}");
    assert!(why.contains("allow the hub to use the model in Amazon Bedrock"), "{report}");
    assert_eq!(model.received_requests().await.expect("requests").len(), 1);
    assert_eq!(hub.balance(&acme).await, 10_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_model_writes_what_is_sent_within_a_request_too() {
    let model = MockServer::start().await;
    answers(&model, paragraph("Wir ziehen um."), None).await;
    let hub = hub_with(&model).await;
    let acme = hub.demo();
    let test = json!({"domain_name": "acme", "to": "you@example.com", "instruction": INSTRUCTION});
    for (path, request) in
        [("/start", direct(&acme, "email", "customer@example.com")), ("/account-settings/send-test-email", test)]
    {
        hub.post(&acme, path, request).await.expect(200);
        let mail = hub.messages("limit=1").await.remove(0);
        assert!(mail["html"].as_str().is_some_and(|html| html.contains("<p>Wir ziehen um.</p>")), "{path}: {mail}");
    }
    assert_eq!(model.received_requests().await.expect("requests").len(), 2);
}
