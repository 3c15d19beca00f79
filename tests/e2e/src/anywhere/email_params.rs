//! `email_template_params` (checklist E6).

use hub_fixture::{Caller, Hub};
use serde_json::{Value, json};

use crate::anywhere::acme;
use crate::problem::{problem, state};
use crate::requests::{integration, with};

const TAGS: &str = "[{{A}}|{{B}}|{{SUBJECT}}|{{CUSTOMER_NAME}}|{{ORGANIZATION_NAME}}]";

fn request(caller: &Caller, params: Value) -> Value {
    let html = format!("<p>{TAGS}</p>");
    let fields = json!({"email_body_html": html, "email_subject": "S", "email_template_params": params});
    with(integration(caller, "email", "customer@example.com"), fields)
}

/// What the tags became, and the report.
async fn filled(hub: &Hub, acme: &Caller, body: Value) -> (String, Value) {
    let id = hub.started(acme, body).await;
    let report = hub.sent_report(acme, &id).await;
    let mail = hub.message(&id).await;
    let html = mail["html"].as_str().expect("html");
    let (from, to) = (html.find("<p>[").expect("a start"), html.find("]</p>").expect("an end"));
    (html[from + 4..to].to_owned(), report)
}

// E6
#[tokio::test(flavor = "multi_thread")]
async fn keys_become_upper_case_and_values_text() {
    let (hub, acme) = acme().await;
    for (params, became) in [
        (json!({"a": "x", "B": "y"}), "x|y"),
        (json!({"a": 42, "b": 1.5}), "42|1.5"),
        (json!({"a": true, "b": false}), "true|false"),
        (json!({"a": " spaced ", "b": 0}), " spaced |0"),
        (json!({"a": "", "b": null}), "|"),
    ] {
        let (text, _) = filled(&hub, &acme, request(&acme, params)).await;
        assert_eq!(text, format!("{became}|S|customer@example.com|Acme Insurance"));
    }
}

// E6
#[tokio::test(flavor = "multi_thread")]
async fn template_params_is_the_same() {
    let (hub, acme) = acme().await;
    let body = with(request(&acme, json!(null)), json!({"template_params": {"a": "x", "b": "y"}}));
    assert!(filled(&hub, &acme, body).await.0.starts_with("x|y|"));
    let body = with(request(&acme, json!({"a": "first"})), json!({"template_params": {"a": "second"}}));
    assert!(filled(&hub, &acme, body).await.0.starts_with("first||"));
}

// E6
#[tokio::test(flavor = "multi_thread")]
async fn the_hubs_own_placeholders_cannot_be_set() {
    let (hub, acme) = acme().await;
    let params = json!({"subject": "mine", "Customer_Name": "mine", "ORGANIZATION_NAME": "mine", "a": "x", "b": "y"});
    let (text, _) = filled(&hub, &acme, request(&acme, params)).await;
    assert_eq!(text, "x|y|S|customer@example.com|Acme Insurance");
}

// E6
#[tokio::test(flavor = "multi_thread")]
async fn a_bad_key_or_a_nested_value_is_400_and_all_are_told() {
    let (hub, acme) = acme().await;
    let before = state(&hub, &acme).await;
    let params =
        json!({"1a": "x", "a-b": "x", "_a": "x", "": "x", "a b": "x", "ä": "x", "list": [1], "object": {}, "fine": 1});
    let answer = hub.post(&acme, "/integration/start", request(&acme, params)).await;
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
    let (hub, acme) = acme().await;
    let body = with(request(&acme, json!(null)), json!({"template_params": {"a-b": "x"}}));
    assert_eq!(hub.post(&acme, "/integration/start", body).await.faulty_fields(), ["template_params.a-b"]);
}

// E6
#[tokio::test(flavor = "multi_thread")]
async fn placeholders_without_a_value_become_empty_and_are_listed_in_the_history() {
    let (hub, acme) = acme().await;
    let (text, report) = filled(&hub, &acme, request(&acme, json!({"b": "y"}))).await;
    assert!(text.starts_with("|y|"));
    let details: Vec<&str> =
        report["history"].as_array().expect("a history").iter().filter_map(|entry| entry["detail"].as_str()).collect();
    assert_eq!(details, ["Placeholders without a value: A."]);
    let (_, report) = filled(&hub, &acme, request(&acme, json!({"a": "x", "b": "y"}))).await;
    assert!(!report["history"].to_string().contains("Placeholders"), "{report}");
}

// E6
#[tokio::test(flavor = "multi_thread")]
async fn of_many_placeholders_without_a_value_the_history_names_some_and_counts_the_rest() {
    let (hub, acme) = acme().await;
    let html: String = (0..500).map(|number| format!("{{{{KEY_{number:03}}}}}")).collect();
    let body = with(integration(&acme, "email", "customer@example.com"), json!({"email_body_html": html}));
    let id = hub.started(&acme, body).await;
    let report = hub.sent_report(&acme, &id).await;
    let history = report["history"].to_string();
    assert!(history.contains("KEY_000, KEY_001") && history.contains("KEY_019 and 480 more."), "{history}");
}

// B3
#[tokio::test(flavor = "multi_thread")]
async fn an_other_name_at_the_top_wins_over_the_name_inside() {
    let (hub, acme) = acme().await;
    let context = json!({"email_template_params": {"a": "inside", "b": "inside"}});
    let body =
        with(request(&acme, json!(null)), json!({"template_params": {"a": "top", "b": "top"}, "context": context}));
    assert!(filled(&hub, &acme, body).await.0.starts_with("top|top|"));
}
