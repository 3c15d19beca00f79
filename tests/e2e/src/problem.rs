//! The shape of errors, and that an error changed nothing.

use hub_fixture::{Answer, Caller, Hub};
use serde_json::{Value, json};

/// Asserts that an answer is an error in the API's shape with this status, and gives its detail.
#[track_caller]
pub(crate) fn problem(answer: &Answer, status: u16) -> String {
    let body = &answer.body;
    assert_eq!(answer.status, status, "{body}");
    assert_eq!(body["status"], status, "{body}");
    assert!(body["title"].as_str().is_some_and(|title| !title.is_empty()), "{body}");
    assert_eq!(answer.headers["content-type"], "application/json", "{body}");
    assert_eq!(answer.headers["x-request-id"], body["request_id"].as_str().unwrap_or_default(), "{body}");
    let detail = answer.text("detail").to_owned();
    assert!(detail.ends_with('.') || detail.ends_with(')') || detail.contains(": "), "no sentence: {detail}");
    detail
}

/// What a refused request must leave as it is: the engagements, what has left, and the credits.
pub(crate) async fn state(hub: &Hub, caller: &Caller) -> Value {
    let list = caller.at("/integration/engagements");
    let engagements = hub.get(caller, &list).await.expect(200)["engagements"].clone();
    let (messages, balance) = (hub.messages_of(caller).await, hub.balance(caller).await);
    json!({"engagements": engagements, "messages": messages, "balance": balance})
}
