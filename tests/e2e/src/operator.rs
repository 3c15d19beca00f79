//! What the operator does (checklist N1). Credits and prices are in `credits`, scheduling settings in `schedule`.

use futures::future::join_all;
use hub_fixture::{Caller, TestHub};
use insta::assert_json_snapshot;
use reqwest::Method;
use serde_json::{Value, json};

use crate::problem::problem;
use crate::requests::{ALEX, direct, with};

// N1
#[tokio::test(flavor = "multi_thread")]
async fn without_the_operator_key_nothing_of_admin_is_open() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let account = format!("/admin/accounts/{}", acme.account_id);
    let routes = [
        (Method::POST, "/admin/accounts".to_owned()),
        (Method::GET, account.clone()),
        (Method::POST, format!("{account}/domains")),
        (Method::GET, "/admin/domains/acme".to_owned()),
        (Method::PATCH, "/admin/domains/acme".to_owned()),
        (Method::POST, format!("{account}/api-keys")),
        (Method::GET, format!("{account}/api-keys")),
        (Method::DELETE, "/admin/api-keys/key_0".to_owned()),
        (Method::POST, format!("{account}/credits")),
        (Method::GET, format!("{account}/credits")),
    ];
    for (method, path) in routes {
        for token in ["nonsense", &acme.api_key] {
            let body = (!matches!(method, Method::GET | Method::DELETE)).then(|| json!({}));
            problem(&hub.call(method.clone(), &path, token, body, &[]).await, 403);
        }
        let bare = hub.request(method, &path).header("Content-Type", "application/json").body("{}");
        problem(&hub.send(bare).await, 403);
    }
}

// N1
#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_made_and_shown_with_its_domains() {
    let hub = TestHub::start().await;
    let new = json!({"organization_name": "Globex", "credits": 70});
    let made = hub.admin(Method::POST, "/admin/accounts", Some(new)).await.expect(201);
    assert_json_snapshot!("account", made, {".account_id" => "[id]", ".created_at" => "[time]"});
    let path = format!("/admin/accounts/{}", made["account_id"].as_str().expect("an id"));
    for name in ["globex", "globex-2"] {
        hub.admin(Method::POST, &format!("{path}/domains"), Some(json!({"domain_name": name}))).await.expect(201);
    }
    let shown = hub.admin(Method::GET, &path, None).await.expect(200);
    assert_eq!(shown["domains"], json!(["globex", "globex-2"]));
    assert_eq!(shown["balance"], 70);
}

// N1, A3
#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_a_name_or_with_impossible_credits_is_400() {
    let hub = TestHub::start().await;
    let answer = hub.admin(Method::POST, "/admin/accounts", Some(json!({"credits": -1}))).await;
    problem(&answer, 400);
    assert_eq!(answer.faulty_fields(), ["organization_name", "credits"]);
    let answer =
        hub.admin(Method::POST, "/admin/accounts", Some(json!({"organization_name": "x", "credits": 1.5}))).await;
    problem(&answer, 400);
    assert_eq!(answer.faulty_fields(), ["credits"]);
}

// N1
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_404() {
    let hub = TestHub::start().await;
    let nobody = "/admin/accounts/acc_000000000000000000000000";
    let key = "/admin/api-keys/key_00000000000000000000000000000000000000000000";
    for (method, path, body) in [
        (Method::GET, nobody.to_owned(), None),
        (Method::GET, "/admin/accounts/nonsense".to_owned(), None),
        (Method::POST, format!("{nobody}/domains"), Some(json!({"domain_name": "new"}))),
        (Method::POST, format!("{nobody}/api-keys"), Some(json!({"name": "x"}))),
        (Method::GET, format!("{nobody}/api-keys"), None),
        (Method::POST, format!("{nobody}/credits"), Some(json!({"amount": 1, "reason": "x"}))),
        (Method::GET, format!("{nobody}/credits"), None),
        (Method::GET, "/admin/domains/nobody".to_owned(), None),
        (Method::GET, "/admin/domains/NO_SLUG".to_owned(), None),
        (Method::PATCH, "/admin/domains/nobody".to_owned(), Some(json!({}))),
        (Method::DELETE, key.to_owned(), None),
        (Method::DELETE, "/admin/api-keys/nonsense".to_owned(), None),
    ] {
        problem(&hub.admin(method, &path, body).await, 404);
    }
}

// N1
#[tokio::test(flavor = "multi_thread")]
async fn a_domain_has_defaults_and_its_name_is_its_own() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let path = format!("/admin/accounts/{}/domains", acme.account_id);
    let made = hub.admin(Method::POST, &path, Some(json!({"domain_name": "second"}))).await.expect(201);
    assert_json_snapshot!("domain", made, {".account_id" => "[id]", ".created_at" => "[time]"});
    assert_eq!(hub.admin(Method::GET, "/admin/domains/second", None).await.expect(200), made);
    let again = hub.admin(Method::POST, &path, Some(json!({"domain_name": "second"}))).await;
    assert!(problem(&again, 409).contains("taken"));
    for bad in ["Upper", "-x", "x-", "a b", "ä", "", &"x".repeat(64)] {
        let answer = hub.admin(Method::POST, &path, Some(json!({"domain_name": bad}))).await;
        problem(&answer, 400);
        assert_eq!(answer.faulty_fields(), ["domain_name"]);
    }
}

// N1
#[tokio::test(flavor = "multi_thread")]
async fn settings_that_are_given_are_changed_and_all_others_stay() {
    let hub = TestHub::start().await;
    let patch = async |settings: Value| hub.admin(Method::PATCH, "/admin/domains/acme", Some(settings)).await;
    let settings = json!({
        "engagement_hub_paused": true,
        "channels": ["email", "sms"],
        "time_zone": "Europe/Berlin",
        "customer_dedup_days": 7,
        "bulk_call_rate_limit": 60,
        "prices": {"phone": 5},
        "quiet_hours": {"start": "21:00", "end": "08:00"},
        "email_from": "Acme <new@acme.example>",
    });
    patch(settings).await.expect(200);
    let shown = patch(json!({"customer_dedup_days": 3, "prices": {"email": 2}, "unknown": 1})).await.expect(200);
    assert_json_snapshot!("settings", shown, {".account_id" => "[id]", ".created_at" => "[time]"});
    let without = patch(json!({"quiet_hours": {}})).await.expect(200);
    assert_eq!(without["quiet_hours"], json!(null));
}

// N1, A3
#[tokio::test(flavor = "multi_thread")]
async fn bad_settings_are_all_told_and_change_nothing() {
    let hub = TestHub::start().await;
    let before = hub.admin(Method::GET, "/admin/domains/acme", None).await.expect(200);
    let settings = json!({
        "engagement_hub_paused": "no",
        "channels": ["sms", "pigeon"],
        "time_zone": "Middle/Earth",
        "customer_dedup_days": -1,
        "bulk_call_rate_limit": 0,
        "prices": {"phone": -5, "pigeon": 1, "sms": 1.5},
        "quiet_hours": {"start": "25:00", "end": "08:00"},
        "email_from": "a@b",
    });
    let answer = hub.admin(Method::PATCH, "/admin/domains/acme", Some(settings)).await;
    problem(&answer, 400);
    let mut faulty = answer.faulty_fields();
    faulty.sort();
    assert_eq!(
        faulty,
        [
            "bulk_call_rate_limit",
            "channels",
            "customer_dedup_days",
            "email_from",
            "engagement_hub_paused",
            "prices.phone",
            "prices.pigeon",
            "prices.sms",
            "quiet_hours",
            "time_zone"
        ]
    );
    assert_eq!(hub.admin(Method::GET, "/admin/domains/acme", None).await.expect(200), before);
}

// N1: two at once do not undo each other.
#[tokio::test(flavor = "multi_thread")]
async fn settings_changed_at_the_same_time_are_all_kept() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let channels = ["phone", "sms", "wmsg", "wvoice", "email"];
    let prices = channels.iter().enumerate().map(|(index, channel)| {
        let settings = json!({"prices": {*channel: index + 10}});
        hub.admin(Method::PATCH, "/admin/domains/acme", Some(settings))
    });
    let webhook = json!({"domain_name": "acme", "url": "http://127.0.0.1:9/hook"});
    let sender = json!({"domain_name": "acme", "from": "new@acme.example", "organization_name": "New"});
    let ((), webhook, sender) = futures::join!(
        async { join_all(prices).await.into_iter().for_each(|answer| drop(answer.expect(200))) },
        hub.put(&acme, "/account-settings/webhook", webhook),
        hub.put(&acme, "/account-settings/outbound-email", sender)
    );
    webhook.expect(200);
    sender.expect(200);
    let shown = hub.admin(Method::GET, "/admin/domains/acme", None).await.expect(200);
    assert_eq!(shown["prices"], json!({"phone": 10, "sms": 11, "wmsg": 12, "wvoice": 13, "email": 14}));
    assert_eq!(shown["email_from"], "new@acme.example");
    let webhook = hub.get(&acme, "/account-settings/webhook?domain_name=acme").await.expect(200);
    assert_eq!(webhook["url"], "http://127.0.0.1:9/hook");
}

// N1
#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_shown_once_listed_without_its_secret_and_revoked() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let path = format!("/admin/accounts/{}/api-keys", acme.account_id);
    let new = json!({"name": "CRM", "permissions": ["engagements"], "mode": "test"});
    let made = hub.admin(Method::POST, &path, Some(new)).await.expect(201);
    assert_json_snapshot!("api_key", made, {
        ".api_key" => "[key]", ".api_key_id" => "[id]", ".created_at" => "[time]",
    });
    let secret = made["api_key"].as_str().expect("a key");
    let listed = hub.admin(Method::GET, &path, None).await.expect(200);
    assert!(!listed.to_string().contains(secret) && listed["api_keys"].as_array().map(Vec::len) == Some(2));
    let id = made["api_key_id"].as_str().expect("an id");
    for _ in 0..2 {
        hub.admin(Method::DELETE, &format!("/admin/api-keys/{id}"), None).await.expect(200);
    }
    let listed = hub.admin(Method::GET, &path, None).await.expect(200);
    let revoked = listed["api_keys"].as_array().expect("keys").iter().find(|key| key["api_key_id"] == id);
    assert!(revoked.is_some_and(|key| key["revoked_at"].is_string()), "{listed}");
    let caller = Caller { api_key: secret.to_owned(), ..acme };
    problem(&hub.post(&caller, "/start", direct("phone", ALEX)).await, 403);
}

// N1, A3
#[tokio::test(flavor = "multi_thread")]
async fn a_key_with_faults_is_not_made() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let path = format!("/admin/accounts/{}/api-keys", acme.account_id);
    for (new, faulty) in [
        (json!({"name": "", "permissions": ["everything"], "mode": "half"}), vec!["name", "permissions", "mode"]),
        (json!({"name": "x", "permissions": []}), vec!["permissions"]),
        (json!({"name": "x", "permissions": ""}), vec!["permissions"]),
        (json!({"name": "x", "permissions": [1]}), vec!["permissions"]),
    ] {
        let answer = hub.admin(Method::POST, &path, Some(new)).await;
        problem(&answer, 400);
        assert_eq!(answer.faulty_fields(), faulty);
    }
    let listed = hub.admin(Method::GET, &path, None).await.expect(200);
    assert_eq!(listed["api_keys"].as_array().map(Vec::len), Some(1));
}

// N1
#[tokio::test(flavor = "multi_thread")]
async fn an_account_may_have_several_domains_apart_from_each_other() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let path = format!("/admin/accounts/{}/domains", acme.account_id);
    hub.admin(Method::POST, &path, Some(json!({"domain_name": "second"}))).await.expect(201);
    hub.post(&acme, "/start", with(direct("phone", ALEX), json!({"domain_name": "second"}))).await.expect(200);
    assert_eq!(hub.get(&acme, "/calls?domain_name=acme").await.expect(200)["calls"], json!([]));
    let calls = hub.get(&acme, "/calls?domain_name=second").await.expect(200);
    assert_eq!(calls["calls"].as_array().map(Vec::len), Some(1));
}
