//! Who may call (checklist A1, A2).

use hub_fixture::Caller;
use reqwest::Method;
use serde_json::json;

use crate::anywhere::acme_in_test_mode;
use crate::problem::{problem, state};
use crate::requests::{ALEX, integration};

// A1
#[tokio::test(flavor = "multi_thread")]
async fn a_request_without_a_valid_key_is_refused() {
    let (hub, acme) = acme_in_test_mode().await;
    let before = state(&hub, &acme).await;
    let mut almost = acme.api_key.clone();
    almost.pop();
    let headers = [
        None,
        Some("Bearer".to_owned()),
        Some("Bearer nonsense".to_owned()),
        Some(format!("Basic {}", acme.api_key)),
        Some(acme.api_key.clone()),
        Some(format!("Bearer {almost}")),
        Some(format!("Bearer {}x", acme.api_key)),
        Some(format!("Bearer {}", hub.operator_key)),
    ];
    for header in headers {
        let mut request = hub.request(Method::POST, "/integration/start");
        if let Some(header) = &header {
            request = request.header("Authorization", header);
        }
        let body = integration(&acme, "phone", ALEX).to_string();
        let answer = hub.send(request.header("Content-Type", "application/json").body(body)).await;
        let detail = problem(&answer, 403);
        assert!(detail.contains("API key"), "{header:?}: {detail}");
    }
    assert_eq!(state(&hub, &acme).await, before);
}

// A1
#[tokio::test(flavor = "multi_thread")]
async fn the_word_bearer_may_be_in_any_case() {
    let (hub, acme) = acme_in_test_mode().await;
    let request = hub.request(Method::GET, &acme.at("/calls"));
    hub.send(request.header("Authorization", format!("bearer {}", acme.api_key))).await.expect(200);
}

// A1
#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_key_opens_nothing_any_more() {
    let (hub, acme) = acme_in_test_mode().await;
    let path = format!("/admin/accounts/{}/api-keys", acme.account_id);
    let made = hub.admin(Method::POST, &path, Some(json!({"name": "short-lived"}))).await.expect(201);
    let api_key = made["api_key"].as_str().expect("a key").to_owned();
    let caller = Caller { api_key, ..acme.clone() };
    hub.get(&caller, &acme.at("/calls")).await.expect(200);
    let path = format!("/admin/api-keys/{}", made["api_key_id"].as_str().expect("an id"));
    hub.admin(Method::DELETE, &path, None).await.expect(200);
    let answer = hub
        .until_seen("the key opens nothing", async || {
            let answer = hub.get(&caller, &acme.at("/calls")).await;
            if answer.status == 403 { Ok(answer) } else { Err(answer.body.to_string()) }
        })
        .await;
    assert!(problem(&answer, 403).contains("not valid"));
}

// A1
#[tokio::test(flavor = "multi_thread")]
async fn a_missing_permission_is_named() {
    let (hub, acme) = acme_in_test_mode().await;
    let key = async |permission: &str| {
        hub.with_key(&acme, json!({"name": "one", "permissions": [permission], "mode": "test"})).await
    };
    let before = state(&hub, &acme).await;
    for permission in ["account_settings", "call_management"] {
        let answer = hub.post(&key(permission).await, "/integration/start", integration(&acme, "phone", ALEX)).await;
        assert!(problem(&answer, 403).contains("permission engagements"), "{}", answer.body);
    }
    for permission in ["engagements", "call_management"] {
        let answer = hub.get(&key(permission).await, &acme.at("/account-settings/webhook")).await;
        assert!(problem(&answer, 403).contains("permission account_settings"), "{}", answer.body);
    }
    assert_eq!(state(&hub, &acme).await, before);
    let engagements = key("engagements").await;
    hub.post(&engagements, "/integration/start", integration(&acme, "phone", ALEX)).await.expect(200);
}

// A1, N1
#[tokio::test(flavor = "multi_thread")]
async fn an_api_key_is_no_operator_key() {
    let (hub, acme) = acme_in_test_mode().await;
    let paths = [format!("/admin/accounts/{}", acme.account_id), format!("/admin/domains/{}", acme.domain_name)];
    for path in paths {
        let answer = hub.get(&acme, &path).await;
        assert!(problem(&answer, 403).contains("operator key"), "{}", answer.body);
    }
}

// A2
#[tokio::test(flavor = "multi_thread")]
async fn a_domain_that_is_not_the_callers_is_not_found_whether_it_exists_or_not() {
    let (hub, acme) = acme_in_test_mode().await;
    let globex = hub.tenant("globex", 100).await;
    let requests = [
        (Method::POST, "/integration/start"),
        (Method::POST, "/start"),
        (Method::GET, "/integration/engagements"),
        (Method::GET, "/calls"),
        (Method::GET, "/account-settings/webhook"),
        (Method::GET, "/account-settings/webhook/deliveries"),
        (Method::GET, "/account-settings/outbound-email"),
        (Method::PUT, "/account-settings/webhook"),
        (Method::PUT, "/account-settings/outbound-email"),
    ];
    for (method, path) in requests {
        let mut said = Vec::new();
        for domain in [globex.domain_name.as_str(), "nobody"] {
            let body = crate::requests::with(integration(&acme, "phone", ALEX), json!({"domain_name": domain}));
            let body = (method != Method::GET).then_some(body);
            let path = if body.is_none() { format!("{path}?domain_name={domain}") } else { path.to_owned() };
            let answer = hub.call(method.clone(), &path, &acme.api_key, body, &[]).await;
            said.push(problem(&answer, 404).replace(domain, "…"));
        }
        assert_eq!(said[0], said[1], "{method} {path}");
    }
}
