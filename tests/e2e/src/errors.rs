//! The shape of errors, and when which status is answered (checklist A3, A4).

use hub_fixture::TestHub;
use hub_local::aws::{Kind, Rule, Service};
use insta::assert_json_snapshot;
use reqwest::Method;
use serde_json::{Value, json};

use crate::problem::{problem, state};
use crate::requests::{ALEX, OPTS_OUT, direct, integration, with, without};

// A3
#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_a_request_is_told_at_once() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let before = state(&hub, &acme).await;
    let body = json!({
        "phone_number": "+0000",
        "domain_name": "acme",
        "source_record_id": "",
        "channel": "pigeon",
        "type": "gossip",
        "language": "xx",
        "scheduled_time": "tomorrow",
        "test_mode": "yes",
        "context": [],
    });
    let answer = hub.post(&acme, "/integration/start", body).await;
    problem(&answer, 422);
    assert_json_snapshot!("several_faults", answer.body, {".request_id" => "[request_id]"});
    assert_eq!(state(&hub, &acme).await, before);
}

// A3: faults that only the domain's setup shows are told together too.
#[tokio::test(flavor = "multi_thread")]
async fn every_misfit_with_the_setup_is_told_at_once() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    hub.set_domain("acme", json!({"channels": ["phone"]})).await;
    let body = with(integration("sms", ALEX), json!({"type": "confirmational"}));
    let answer = hub.post(&acme, "/integration/start", body).await;
    problem(&answer, 400);
    assert_eq!(answer.faulty_fields(), ["channel", "booking_id"]);
}

// A3
#[tokio::test(flavor = "multi_thread")]
async fn settings_report_every_fault_at_once() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let answer = hub.put(&acme, "/account-settings/outbound-email", json!({"from": "a@b", "reply_to": 5})).await;
    problem(&answer, 400);
    assert_eq!(answer.faulty_fields(), ["domain_name", "from", "reply_to"]);
    let answer = hub.put(&acme, "/account-settings/webhook", json!({"url": "ftp://x", "secret": "short"})).await;
    problem(&answer, 400);
    assert_eq!(answer.faulty_fields(), ["domain_name", "url", "secret"]);
}

// A4
#[tokio::test(flavor = "multi_thread")]
async fn a_required_field_that_is_missing_null_or_empty_is_422_on_integration_start() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let before = state(&hub, &acme).await;
    for field in ["phone_number", "domain_name", "source_record_id", "source_org_id"] {
        let good = integration("phone", ALEX);
        let bad = [
            without(good.clone(), field),
            with(good.clone(), json!({ field: null })),
            with(good.clone(), json!({ field: "" })),
            with(good, json!({ field: "  " })),
        ];
        for body in bad {
            let answer = hub.post(&acme, "/integration/start", body).await;
            assert_eq!(problem(&answer, 422), format!("{field} is required."));
            assert_eq!(answer.faulty_fields(), [field]);
        }
    }
    assert_eq!(state(&hub, &acme).await, before);
}

// A4: 422 for missing fields is /integration/start's alone.
#[tokio::test(flavor = "multi_thread")]
async fn a_missing_field_is_400_on_direct_start() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let answer = hub.post(&acme, "/start", json!({})).await;
    problem(&answer, 400);
    assert_eq!(answer.faulty_fields(), ["phone_number", "domain_name", "instruction"]);
}

// A4
#[tokio::test(flavor = "multi_thread")]
async fn a_paused_domain_is_503_with_retry_after_and_starts_again_when_it_is_resumed() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    hub.set_domain("acme", json!({"engagement_hub_paused": true})).await;
    let before = state(&hub, &acme).await;
    for (path, body) in [("/integration/start", integration("phone", ALEX)), ("/start", direct("phone", ALEX))] {
        let answer = hub.post(&acme, path, body).await;
        assert!(problem(&answer, 503).contains("paused"));
        let seconds: u32 = answer.headers["retry-after"].to_str().expect("text").parse().expect("seconds");
        assert!(seconds > 0);
    }
    assert_eq!(state(&hub, &acme).await, before);
    hub.set_domain("acme", json!({"engagement_hub_paused": false})).await;
    hub.started(&acme, integration("phone", ALEX)).await;
}

// A4
#[tokio::test(flavor = "multi_thread")]
async fn too_few_credits_are_402() {
    let hub = TestHub::start().await;
    let globex = hub.account("globex", 0).await;
    let before = state(&hub, &globex).await;
    for path in ["/integration/start", "/start"] {
        let body = with(integration("phone", ALEX), json!({"domain_name": "globex"}));
        assert!(problem(&hub.post(&globex, path, body).await, 402).contains("credits"));
    }
    assert_eq!(state(&hub, &globex).await, before);
}

// A4
#[tokio::test(flavor = "multi_thread")]
async fn a_contact_that_asked_to_be_left_alone_is_403_on_every_channel() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let id = hub.started(&acme, integration("sms", OPTS_OUT)).await;
    hub.until_status(&acme, &id, "Completed").await;
    let before = state(&hub, &acme).await;
    for channel in ["phone", "sms", "wmsg", "wvoice"] {
        for (path, body) in
            [("/integration/start", integration(channel, OPTS_OUT)), ("/start", direct(channel, OPTS_OUT))]
        {
            let detail = problem(&hub.post(&acme, path, body).await, 403);
            assert!(detail.contains("do-not-contact") && detail.contains(channel), "{detail}");
        }
    }
    assert_eq!(state(&hub, &acme).await, before);
    // Another tenant may still write to the same contact.
    let globex = hub.account("globex", 10).await;
    hub.started(&globex, with(integration("sms", OPTS_OUT), json!({"domain_name": "globex"}))).await;
}

// A4
#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_overloaded_is_429_with_retry_after() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    hub.get(&acme, "/calls?domain_name=acme").await.expect(200);
    hub.local.embedded.faults().inject(Rule::new(Kind::Throttle).on(Service::DynamoDb, "TransactWriteItems"));
    let answer = hub.post(&acme, "/integration/start", integration("phone", ALEX)).await;
    hub.local.embedded.faults().clear();
    problem(&answer, 429);
    assert!(answer.headers.contains_key("retry-after"));
}

// A4
#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_what_left_the_hub_has_errors_in_the_same_shape() {
    let hub = TestHub::start().await;
    let answer = hub.send(hub.request(Method::GET, "/_local/messages?channel=fax&limit=many")).await;
    assert_eq!(answer.faulty_fields(), ["channel", "limit"]);
    assert!(answer.text("request_id").len() > 10 && answer.status == 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_path_is_404_and_a_wrong_method_405_in_the_same_shape() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for path in ["/", "/nothing", "/integration", "/integration/start/", "/integration/engagement/"] {
        assert!(problem(&hub.get(&acme, path).await, 404).contains("openapi.json"), "{path}");
    }
    let wrong = [
        (Method::GET, "/integration/start"),
        (Method::GET, "/start"),
        (Method::DELETE, "/calls"),
        (Method::POST, "/integration/engagements"),
        (Method::PATCH, "/account-settings/webhook"),
    ];
    for (method, path) in wrong {
        let answer = hub.call(method, path, &acme.api_key, None, &[]).await;
        assert!(problem(&answer, 405).contains("method"), "{path}");
        assert!(answer.headers.contains_key("allow"), "{path}");
    }
}

// A4: the router itself refuses these, and must do so in the API's shape.
#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_cannot_be_read_is_an_error_in_the_same_shape() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for path in ["/integration/engagement/%FF", "/calls/%FF"] {
        problem(&hub.get(&acme, path).await, 400);
    }
    let answer = hub.admin(Method::GET, "/admin/domains/%FF", None).await;
    problem(&answer, 400);
}

// A5
#[tokio::test(flavor = "multi_thread")]
async fn unknown_fields_are_ignored() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let extra = json!({"utm_source": "spring", "nested": {"deep": [1, 2]}, "Phone_Number": 5});
    hub.started(&acme, with(integration("phone", ALEX), extra.clone())).await;
    hub.post(&acme, "/start", with(direct("phone", ALEX), extra.clone())).await.expect(200);
    let pause: Value = with(extra, json!({"engagement_id": "eng_000000000000000000000000"}));
    problem(&hub.post(&acme, "/integration/pause", pause).await, 404);
}
