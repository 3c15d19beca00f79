//! `email_template_params` (checklist E6).

use hub_fixture::{Caller, TestHub};
use serde_json::{Value, json};

use crate::problem::{problem, state};
use crate::requests::{integration, with};

const TAGS: &str = "[{{A}}|{{B}}|{{SUBJECT}}|{{CUSTOMER_NAME}}|{{ORGANIZATION_NAME}}]";

fn request(params: Value) -> Value {
    let html = format!("<p>{TAGS}</p>");
    let fields = json!({"email_body_html": html, "email_subject": "S", "email_template_params": params});
    with(integration("email", "customer@example.com"), fields)
}

/// What the tags became, and the report.
async fn filled(hub: &TestHub, acme: &Caller, body: Value) -> (String, Value) {
    let id = hub.started(acme, body).await;
    let report = hub.until_status(acme, &id, "Completed").await;
    let mail = hub.messages(&format!("engagement_id={id}")).await.remove(0);
    let html = mail["html"].as_str().expect("html");
    let (from, to) = (html.find('[').expect("a start"), html.rfind(']').expect("an end"));
    (html[from + 1..to].to_owned(), report)
}

// E6
#[tokio::test(flavor = "multi_thread")]
async fn keys_become_upper_case_and_values_text() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for (params, became) in [
        (json!({"a": "x", "B": "y"}), "x|y"),
        (json!({"a": 42, "b": 1.5}), "42|1.5"),
        (json!({"a": true, "b": false}), "true|false"),
        (json!({"a": " spaced ", "b": 0}), " spaced |0"),
        (json!({"a": "", "b": null}), "|"),
    ] {
        let (text, _) = filled(&hub, &acme, request(params)).await;
        assert_eq!(text, format!("{became}|S|customer@example.com|Acme Insurance"));
    }
}

// E6
#[tokio::test(flavor = "multi_thread")]
async fn template_params_is_the_same() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let body = with(request(json!(null)), json!({"template_params": {"a": "x", "b": "y"}}));
    assert!(filled(&hub, &acme, body).await.0.starts_with("x|y|"));
    let body = with(request(json!({"a": "first"})), json!({"template_params": {"a": "second"}}));
    assert!(filled(&hub, &acme, body).await.0.starts_with("first||"));
}

// E6
#[tokio::test(flavor = "multi_thread")]
async fn the_hubs_own_placeholders_cannot_be_set() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let params = json!({"subject": "mine", "Customer_Name": "mine", "ORGANIZATION_NAME": "mine", "a": "x", "b": "y"});
    let (text, _) = filled(&hub, &acme, request(params)).await;
    assert_eq!(text, "x|y|S|customer@example.com|Acme Insurance");
}

// E6
#[tokio::test(flavor = "multi_thread")]
async fn a_bad_key_or_a_nested_value_is_400_and_all_are_told() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let before = state(&hub, &acme).await;
    let params =
        json!({"1a": "x", "a-b": "x", "_a": "x", "": "x", "a b": "x", "ä": "x", "list": [1], "object": {}, "fine": 1});
    let answer = hub.post(&acme, "/integration/start", request(params)).await;
    problem(&answer, 400);
    let mut faulty = answer.faulty_fields();
    faulty.sort();
    let mut expected =
        ["", "1a", "_a", "a b", "a-b", "list", "object", "ä"].map(|key| format!("email_template_params.{key}"));
    expected.sort();
    assert_eq!(faulty, expected);
    assert_eq!(state(&hub, &acme).await, before);
}

// E6: the fault is named after the field that was sent.
#[tokio::test(flavor = "multi_thread")]
async fn a_fault_in_template_params_is_named_so() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let body = with(request(json!(null)), json!({"template_params": {"a-b": "x"}}));
    assert_eq!(hub.post(&acme, "/integration/start", body).await.faulty_fields(), ["template_params.a-b"]);
}

// E6
#[tokio::test(flavor = "multi_thread")]
async fn placeholders_without_a_value_become_empty_and_are_listed_in_the_history() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let (text, report) = filled(&hub, &acme, request(json!({"b": "y"}))).await;
    assert!(text.starts_with("|y|"));
    let details: Vec<&str> =
        report["history"].as_array().expect("a history").iter().filter_map(|entry| entry["detail"].as_str()).collect();
    assert_eq!(details, ["Placeholders without a value: A."]);
    let (_, report) = filled(&hub, &acme, request(json!({"a": "x", "b": "y"}))).await;
    assert!(!report["history"].to_string().contains("Placeholders"), "{report}");
}
