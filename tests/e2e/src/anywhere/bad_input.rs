//! What no request should have, and what becomes of it: a clear error, and nothing changed (checklist A3, A4).

use futures::future::join_all;
use hub_fixture::{Answer, Caller, Hub};
use reqwest::Method;
use serde_json::{Value, json};

use crate::anywhere::acme_in_test_mode;
use crate::problem::{problem, state};
use crate::requests::{ALEX, direct, integration, with};

pub(crate) async fn raw(
    hub: &Hub,
    caller: &Caller,
    path: &str,
    content_type: Option<&str>,
    body: impl Into<reqwest::Body>,
) -> Answer {
    let mut request = hub.request(Method::POST, path).bearer_auth(&caller.api_key).body(body);
    if let Some(content_type) = content_type {
        request = request.header("Content-Type", content_type);
    }
    hub.send(request).await
}

pub(crate) const JSON: Option<&str> = Some("application/json");

// A4
#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_no_json_object_is_400() {
    let (hub, acme) = acme_in_test_mode().await;
    let before = state(&hub, &acme).await;
    let bodies: [&[u8]; 9] =
        [b"", b"hello", b"{", b"[]", b"null", b"\"text\"", b"{\"a\": 1,}", b"\xff\xfe{}", b"{\"a\": \"\\ud800\"}"];
    for path in ["/integration/start", "/start", "/integration/pause", "/v2/call", "/v2/callresult"] {
        for body in bodies {
            let answer = raw(&hub, &acme, path, JSON, body).await;
            assert!(problem(&answer, 400).contains("JSON"), "{path} {body:?}");
        }
    }
    assert_eq!(state(&hub, &acme).await, before);
}

// A4
#[tokio::test(flavor = "multi_thread")]
async fn json_nested_ten_thousand_levels_deep_is_400() {
    let (hub, acme) = acme_in_test_mode().await;
    let deep = format!("{{\"context\": {}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    problem(&raw(&hub, &acme, "/integration/start", JSON, deep).await, 400);
    let deep = format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
    problem(&raw(&hub, &acme, "/start", JSON, deep).await, 400);
}

// A4
#[tokio::test(flavor = "multi_thread")]
async fn another_content_type_is_415() {
    let (hub, acme) = acme_in_test_mode().await;
    let body = integration(&acme, "phone", ALEX).to_string();
    for content_type in
        [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("application/jsonp"), Some("")]
    {
        let answer = raw(&hub, &acme, "/integration/start", content_type, body.clone()).await;
        assert!(problem(&answer, 415).contains("application/json"), "{content_type:?}");
    }
    for content_type in ["application/json; charset=utf-8", "Application/JSON", "application/vnd.acme+json"] {
        raw(&hub, &acme, "/integration/start", Some(content_type), body.clone()).await.expect(200);
    }
}

/// Every field of a start request, with a value of a type that it cannot have.
fn all_wrong() -> Value {
    json!({
        "phone_number": 1, "email_address": 1, "client_email": 1, "domain_name": 1, "source_record_id": 1,
        "source_org_id": [], "source_system": {}, "source_object": true, "source_user_id": 1, "channel": 1, "type": 1,
        "instruction": 1, "client_name": 1, "external_user_id": 1, "user_id": 1, "user_phone_number": 1,
        "initiator_phone_number": 1, "test_mode": "true", "context": "text", "language": 1, "scheduled_time": 1750000000,
        "booking_id": 1, "email_subject": 1, "email_body_html": 1, "email_template_id": 1, "email_template_name": 1,
        "email_template_params": [], "template_params": "text", "body": [],
    })
}

// A3
#[tokio::test(flavor = "multi_thread")]
async fn every_field_of_a_wrong_type_is_reported_at_once() {
    let (hub, acme) = acme_in_test_mode().await;
    let before = state(&hub, &acme).await;
    let wrong = all_wrong();
    // These are fields of /start alone.
    for (path, unknown) in [("/integration/start", &["body", "client_email", "email_address"][..]), ("/start", &[])] {
        let known = wrong.as_object().expect("an object").keys().filter(|field| !unknown.contains(&field.as_str()));
        let answer = hub.post(&acme, path, wrong.clone()).await;
        problem(&answer, 400);
        let mut faulty = answer.faulty_fields();
        faulty.sort();
        assert_eq!(faulty, known.cloned().collect::<Vec<_>>(), "{path}");
    }
    assert_eq!(state(&hub, &acme).await, before);
}

// A3: an alias is reported by the name that was sent.
#[tokio::test(flavor = "multi_thread")]
async fn each_field_of_a_wrong_type_is_reported_by_its_own_name() {
    let (hub, acme) = acme_in_test_mode().await;
    for (field, value) in all_wrong().as_object().expect("an object") {
        let email = field.starts_with("email") || field.starts_with("client_e");
        let body = if email { direct(&acme, "email", "a@example.com") } else { direct(&acme, "phone", ALEX) };
        let answer = hub.post(&acme, "/start", with(body, json!({field: value}))).await;
        problem(&answer, 400);
        assert_eq!(answer.faulty_fields(), [field.as_str()]);
    }
}

// A3
#[tokio::test(flavor = "multi_thread")]
async fn optional_fields_that_are_empty_are_not_there() {
    let (hub, acme) = acme_in_test_mode().await;
    let mut body = integration(&acme, "phone", ALEX);
    for field in all_wrong().as_object().expect("an object").keys() {
        let needed = ["phone_number", "domain_name", "source_record_id", "source_org_id", "instruction"];
        let typed = ["test_mode", "context", "email_template_params", "template_params", "body"];
        if !needed.contains(&field.as_str()) && !typed.contains(&field.as_str()) {
            body[field] = json!("");
        }
    }
    let id = hub.started(&acme, body).await;
    let report = hub.until_status(&acme, &id, "Completed").await;
    assert_eq!((&report["channel"], &report["client_name"]), (&json!("phone"), &json!(null)));
}

// A4, B1
#[tokio::test(flavor = "multi_thread")]
async fn a_contact_that_cannot_be_is_400() {
    let (hub, acme) = acme_in_test_mode().await;
    let before = state(&hub, &acme).await;
    for number in [
        "+0000",
        "+1",
        "abc",
        "+1416555123456789",
        "+14165551234x",
        "++14165551234",
        "+१४१६५५५१२३४",
        "+14165551234\n+14165554321",
    ] {
        for channel in ["phone", "sms", "wmsg", "wvoice"] {
            let answer = hub.post(&acme, "/integration/start", integration(&acme, channel, number)).await;
            assert!(problem(&answer, 400).contains("E.164"), "{number}");
            assert_eq!(answer.faulty_fields(), ["phone_number"]);
        }
    }
    for address in [
        "a@b",
        "a",
        "@example.com",
        "a@",
        "a b@example.com",
        "a@example..com",
        "a@example.com, b@example.com",
        "Alex <a@example.com>",
        "a@[127.0.0.1]",
        "a@example.com\r\nBcc: b@example.com",
    ] {
        let answer = hub.post(&acme, "/integration/start", integration(&acme, "email", address)).await;
        assert!(problem(&answer, 400).contains("email address"), "{address}");
        assert_eq!(answer.faulty_fields(), ["phone_number"]);
        let answer = hub.post(&acme, "/start", direct(&acme, "email", address)).await;
        problem(&answer, 400);
        assert_eq!(answer.faulty_fields(), ["email_address"]);
    }
    assert_eq!(state(&hub, &acme).await, before);
}

// A4
#[tokio::test(flavor = "multi_thread")]
async fn texts_that_are_too_long_are_400_and_say_how_long_they_may_be() {
    let (hub, acme) = acme_in_test_mode().await;
    let before = state(&hub, &acme).await;
    for (field, length) in [
        ("client_name", 3_000),
        ("source_record_id", 3_000),
        ("source_org_id", 3_000),
        ("source_system", 3_000),
        ("email_subject", 3_000),
        ("booking_id", 3_000),
        ("instruction", 10_001),
        ("email_body_html", 200_001),
    ] {
        let body = with(integration(&acme, "email", "a@example.com"), json!({field: "x".repeat(length)}));
        let answer = hub.post(&acme, "/integration/start", body).await;
        assert!(problem(&answer, 400).contains("at most"), "{field}");
        assert_eq!(answer.faulty_fields(), [field]);
        assert!(answer.body.to_string().len() < 1_000, "the text itself is not told back");
    }
    let context = json!({"context": {"note": "x".repeat(70_000)}});
    let answer = hub.post(&acme, "/integration/start", with(integration(&acme, "phone", ALEX), context)).await;
    assert_eq!((answer.status, answer.faulty_fields()), (400, vec!["context".to_owned()]));
    assert_eq!(state(&hub, &acme).await, before);
}

// A4: everything that an engagement says must fit into one item of the table.
#[tokio::test(flavor = "multi_thread")]
async fn a_content_as_large_as_it_may_be_is_taken_and_a_larger_one_is_400() {
    let (hub, acme) = acme_in_test_mode().await;
    let params =
        |count: usize| -> Value { (0..count).map(|n| (format!("key{n}"), json!("x".repeat(9_900)))).collect() };
    let largest = json!({
        "instruction": "語".repeat(10_000),
        "email_subject": "語".repeat(500),
        "email_body_html": "x".repeat(200_000),
        "email_template_params": params(6),
        "context": {"note": "\"".repeat(32_000)},
        "client_name": "語".repeat(300),
    });
    let body = with(integration(&acme, "email", "a@example.com"), largest);
    let id = hub.started(&acme, body.clone()).await;
    hub.until_status(&acme, &id, "Completed").await;
    for (field, too_large) in [
        ("email_body_html", json!("語".repeat(100_000))),
        ("email_template_params", params(7)),
        ("context", json!({"note": "語".repeat(30_000)})),
    ] {
        let answer = hub.post(&acme, "/integration/start", with(body.clone(), json!({field: too_large}))).await;
        assert!(problem(&answer, 400).contains("bytes"), "{field}");
        assert_eq!(answer.faulty_fields(), [field]);
    }
}

// A4
#[tokio::test(flavor = "multi_thread")]
async fn a_name_in_any_script_is_kept_as_it_is() {
    let (hub, acme) = acme_in_test_mode().await;
    for name in ["Zoë Müller-Lüdenscheidt", "王小明", "مريم", "👩‍👩‍👧 family", "O'Brien \"Bob\" <x>"]
    {
        let id =
            hub.started(&acme, with(integration(&acme, "email", "a@example.com"), json!({"client_name": name}))).await;
        assert_eq!(hub.until_status(&acme, &id, "Completed").await["client_name"], name);
    }
}

// B2: a context is stored whatever its shape, within reason.
#[tokio::test(flavor = "multi_thread")]
async fn a_context_of_any_shape_is_taken() {
    let (hub, acme) = acme_in_test_mode().await;
    let mut nested = json!("end");
    for _ in 0..60 {
        nested = json!({"a": [nested]});
    }
    let contexts = [
        json!({"": "an empty key", "numbers": [1e300, 12345678901234567890_u64, -0.0, 1e-200]}),
        nested,
        json!({"email_subject": null, "list": [], "object": {}, "text": "\u{0}\u{7f}"}),
    ];
    let taken = contexts.map(async |context| {
        let id = hub.started(&acme, with(integration(&acme, "phone", ALEX), json!({"context": context}))).await;
        hub.until_status(&acme, &id, "Completed").await;
    });
    join_all(taken).await;
}

// A4
#[tokio::test(flavor = "multi_thread")]
async fn a_query_string_that_cannot_be_read_is_an_error_in_the_same_shape() {
    let (hub, acme) = acme_in_test_mode().await;
    let answer = hub.get(&acme, "/calls?domain_name=%FF").await;
    problem(&answer, 400);
    let answer = hub.get(&acme, &acme.at("/calls?cursor=eyJkYXkiOiJub25zZW5zZSJ9")).await;
    problem(&answer, 400);
    assert_eq!(answer.faulty_fields(), ["cursor"]);
}

// A4: what could not be sent is refused when it is started, and takes no longer to look at than its length.
#[tokio::test(flavor = "multi_thread")]
async fn html_that_no_email_can_be_made_from_is_400_at_the_start() {
    let (hub, acme) = acme_in_test_mode().await;
    let before = state(&hub, &acme).await;
    for html in ["<i>".repeat(20_000), "<div>".repeat(300)] {
        let body = with(integration(&acme, "email", "customer@example.com"), json!({"email_body_html": html}));
        let answer = hub.post(&acme, "/integration/start", body).await;
        assert!(problem(&answer, 400).contains("simplify its layout"));
        assert_eq!(answer.faulty_fields(), ["email_body_html"]);
    }
    assert_eq!(state(&hub, &acme).await, before);
    let openings =
        with(integration(&acme, "email", "customer@example.com"), json!({"email_body_html": "{".repeat(200_000)}));
    hub.post(&acme, "/integration/start", openings).await.expect(200);
}
