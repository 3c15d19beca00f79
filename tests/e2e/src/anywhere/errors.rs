//! The shape of errors, and when which status is answered (checklist A3, A4).

use hub_fixture::AnyHub;
use insta::assert_json_snapshot;
use reqwest::Method;
use serde_json::{Value, json};

use crate::anywhere::{acme, acme_in_test_mode};
use crate::problem::{problem, state};
use crate::requests::{ALEX, direct, integration, with, without};

// A3
#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_a_request_is_told_at_once() {
    let (hub, acme) = acme().await;
    let before = state(&hub, &acme).await;
    let body = json!({
        "phone_number": "+0000",
        "domain_name": acme.domain_name,
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
    let (hub, acme) = acme_in_test_mode().await;
    hub.set_domain(&acme.domain_name, json!({"channels": ["phone"]})).await;
    let body = with(integration(&acme, "sms", ALEX), json!({"type": "confirmational"}));
    let answer = hub.post(&acme, "/integration/start", body).await;
    problem(&answer, 400);
    assert_eq!(answer.faulty_fields(), ["channel", "booking_id"]);
}

// A3
#[tokio::test(flavor = "multi_thread")]
async fn settings_report_every_fault_at_once() {
    let (hub, acme) = acme().await;
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
    let (hub, acme) = acme().await;
    let before = state(&hub, &acme).await;
    for field in ["phone_number", "domain_name", "source_record_id", "source_org_id"] {
        let good = integration(&acme, "phone", ALEX);
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
    let (hub, acme) = acme().await;
    let answer = hub.post(&acme, "/start", json!({})).await;
    problem(&answer, 400);
    assert_eq!(answer.faulty_fields(), ["phone_number", "domain_name", "instruction"]);
}

// A4
#[tokio::test(flavor = "multi_thread")]
async fn a_paused_domain_is_503_with_retry_after_and_starts_again_when_it_is_resumed() {
    let (hub, acme) = acme_in_test_mode().await;
    hub.set_domain(&acme.domain_name, json!({"engagement_hub_paused": true})).await;
    let before = state(&hub, &acme).await;
    for (path, body) in
        [("/integration/start", integration(&acme, "phone", ALEX)), ("/start", direct(&acme, "phone", ALEX))]
    {
        let answer = hub.post(&acme, path, body).await;
        assert!(problem(&answer, 503).contains("paused"));
        let seconds: u32 = answer.headers["retry-after"].to_str().expect("text").parse().expect("seconds");
        assert!(seconds > 0);
    }
    assert_eq!(state(&hub, &acme).await, before);
    hub.set_domain(&acme.domain_name, json!({"engagement_hub_paused": false})).await;
    hub.until_seen("the domain starts again", async || {
        let answer = hub.post(&acme, "/integration/start", integration(&acme, "phone", ALEX)).await;
        if answer.status == 200 { Ok(()) } else { Err(answer.body.to_string()) }
    })
    .await;
}

// A4
#[tokio::test(flavor = "multi_thread")]
async fn too_few_credits_are_402() {
    let hub = AnyHub::reach().await;
    let globex = hub.tenant("globex", 0).await;
    let before = state(&hub, &globex).await;
    for path in ["/integration/start", "/start"] {
        let body = integration(&globex, "email", "customer@example.com");
        assert!(problem(&hub.post(&globex, path, body).await, 402).contains("credits"));
    }
    assert_eq!(state(&hub, &globex).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_path_is_404_and_a_wrong_method_405_in_the_same_shape() {
    let (hub, acme) = acme().await;
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

// A5
#[tokio::test(flavor = "multi_thread")]
async fn unknown_fields_are_ignored() {
    let (hub, acme) = acme_in_test_mode().await;
    let extra = json!({"utm_source": "spring", "nested": {"deep": [1, 2]}, "Phone_Number": 5});
    hub.started(&acme, with(integration(&acme, "phone", ALEX), extra.clone())).await;
    hub.post(&acme, "/start", with(direct(&acme, "phone", ALEX), extra.clone())).await.expect(200);
    let pause: Value = with(extra, json!({"engagement_id": "eng_000000000000000000000000"}));
    problem(&hub.post(&acme, "/integration/pause", pause).await, 404);
}
