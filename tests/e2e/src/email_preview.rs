//! The preview of an email (checklist E14): what would be sent, without sending it.

use hub_fixture::{Answer, TestHub};
use hub_local::Model;
use serde_json::json;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::anywhere::email_preview::{PATH, bare, text};
use crate::problem::problem;
use crate::requests::with;

/// The answer to a preview that a model writes, where the model answers this.
async fn written(model_answer: ResponseTemplate) -> Answer {
    let model = MockServer::start().await;
    Mock::given(method("POST")).respond_with(model_answer).mount(&model).await;
    let writer = Model { id: "test.writer-v1".to_owned(), endpoint: Some(model.uri()) };
    let hub = TestHub::start_with(|options| options.model = Some(writer)).await;
    let acme = hub.demo();
    let fields = with(bare(&acme), json!({"instruction": "We are moving."}));
    hub.post(&acme, PATH, fields).await
}

// E4, E14
#[tokio::test(flavor = "multi_thread")]
async fn an_instruction_is_written_by_the_model() {
    let answer = ResponseTemplate::new(200).set_body_json(json!({
        "output": {"message": {"role": "assistant", "content": [{"text": "We are moving & are glad."}]}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2},
        "metrics": {"latencyMs": 1},
    }));
    let shown = written(answer).await.expect(200);
    assert!(text(&shown, "html").contains("<p>We are moving &amp; are glad.</p>"), "{shown}");
    assert_eq!(shown["notes"], json!([]));
}

// E4, E14
#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_is_out_of_order_is_503_and_says_when_to_come_again() {
    let busy = ResponseTemplate::new(503).insert_header("x-amzn-errortype", "ServiceUnavailableException");
    let answer = written(busy.set_body_json(json!({"message": "warming up"}))).await;
    let detail = problem(&answer, 503);
    assert!(!detail.contains("warming up") && answer.headers.contains_key("retry-after"), "{detail}");
}
