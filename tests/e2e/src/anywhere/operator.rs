//! What the operator does (checklist N1). Credits and prices are in `credits`, scheduling settings in `schedule`.

use futures::future::join_all;
use hub_fixture::{AnyHub, Caller, unused_name};
use insta::assert_json_snapshot;
use reqwest::Method;
use serde_json::{Value, json};

use crate::anywhere::{acme, acme_in_test_mode};
use crate::problem::problem;
use crate::requests::{ALEX, direct};

// N1
#[tokio::test(flavor = "multi_thread")]
async fn without_the_operator_key_nothing_of_admin_is_open() {
    let (hub, acme) = acme().await;
    let account = format!("/admin/accounts/{}", acme.account_id);
    let routes = [
        (Method::POST, "/admin/accounts".to_owned()),
        (Method::GET, account.clone()),
        (Method::POST, format!("{account}/domains")),
        (Method::GET, format!("/admin/domains/{}", acme.domain_name)),
        (Method::PATCH, format!("/admin/domains/{}", acme.domain_name)),
        (Method::POST, format!("{account}/api-keys")),
        (Method::GET, format!("{account}/api-keys")),
        (Method::DELETE, "/admin/api-keys/key_0".to_owned()),
        (Method::POST, format!("{account}/workspaces")),
        (Method::GET, format!("{account}/workspaces")),
        (Method::DELETE, format!("{account}/workspaces/nonsense")),
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
    let hub = AnyHub::reach().await;
    let new = json!({"organization_name": "Globex", "credits": 70});
    let made = hub.admin(Method::POST, "/admin/accounts", Some(new)).await.expect(201);
    assert_json_snapshot!("account", made, {".account_id" => "[id]", ".created_at" => "[time]"});
    let path = format!("/admin/accounts/{}", made["account_id"].as_str().expect("an id"));
    let name = unused_name("globex");
    let names = [name.clone(), format!("{name}-2")];
    for name in &names {
        hub.admin(Method::POST, &format!("{path}/domains"), Some(json!({"domain_name": name}))).await.expect(201);
    }
    let shown = hub.admin(Method::GET, &path, None).await.expect(200);
    assert_eq!(shown["domains"], json!(names));
    assert_eq!(shown["balance"], 70);
}

// N1, A3
#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_a_name_or_with_impossible_credits_is_400() {
    let hub = AnyHub::reach().await;
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
    let hub = AnyHub::reach().await;
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
    let (hub, acme) = acme().await;
    let path = format!("/admin/accounts/{}/domains", acme.account_id);
    let name = unused_name("second");
    let made = hub.new_domain(&acme.account_id, &name, json!({})).await;
    assert_eq!(made["domain_name"], name);
    assert_json_snapshot!("domain", made, {
        ".account_id" => "[id]", ".domain_name" => "[name]", ".created_at" => "[time]",
    });
    assert_eq!(hub.domain(&name).await, made);
    let again = hub.admin(Method::POST, &path, Some(json!({"domain_name": name}))).await;
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
    let (hub, acme) = acme().await;
    let path = format!("/admin/domains/{}", acme.domain_name);
    let patch = async |settings: Value| hub.admin(Method::PATCH, &path, Some(settings)).await;
    let settings = json!({
        "engagement_hub_paused": true,
        "channels": ["email", "sms"],
        "time_zone": "Europe/Berlin",
        "customer_dedup_days": 7,
        "bulk_call_rate_limit": 60,
        "prices": {"phone": 5},
        "quiet_hours": {"start": "21:00", "end": "08:00"},
        "email_from": "Acme <new@acme.example>",
        "email_senders": ["acme.example"],
    });
    patch(settings).await.expect(200);
    let shown = patch(json!({"customer_dedup_days": 3, "prices": {"email": 2}, "unknown": 1})).await.expect(200);
    assert_eq!(shown["domain_name"], acme.domain_name);
    assert_json_snapshot!("settings", shown, {
        ".account_id" => "[id]", ".domain_name" => "[name]", ".created_at" => "[time]",
    });
    let without = patch(json!({"quiet_hours": {}})).await.expect(200);
    assert_eq!(without["quiet_hours"], json!(null));
}

// N1, A3
#[tokio::test(flavor = "multi_thread")]
async fn bad_settings_are_all_told_and_change_nothing() {
    let (hub, acme) = acme().await;
    let before = hub.domain(&acme.domain_name).await;
    let settings = json!({
        "engagement_hub_paused": "no",
        "channels": ["sms", "pigeon"],
        "time_zone": "Middle/Earth",
        "customer_dedup_days": -1,
        "bulk_call_rate_limit": 0,
        "prices": {"phone": -5, "pigeon": 1, "sms": 1.5},
        "quiet_hours": {"start": "25:00", "end": "08:00"},
        "email_from": "a@b",
        "email_senders": ["acme.example", "acme"],
    });
    let answer = hub.admin(Method::PATCH, &format!("/admin/domains/{}", acme.domain_name), Some(settings)).await;
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
            "email_senders",
            "engagement_hub_paused",
            "prices.phone",
            "prices.pigeon",
            "prices.sms",
            "quiet_hours",
            "time_zone"
        ]
    );
    assert_eq!(hub.domain(&acme.domain_name).await, before);
}

// N1: two at once do not undo each other.
#[tokio::test(flavor = "multi_thread")]
async fn settings_changed_at_the_same_time_are_all_kept() {
    let (hub, acme) = acme().await;
    let (path, hook) = (format!("/admin/domains/{}", acme.domain_name), "https://hooks.example.com/engagements");
    let channels = ["phone", "sms", "wmsg", "wvoice", "email"];
    let prices = channels.iter().enumerate().map(|(index, channel)| {
        let settings = json!({"prices": {*channel: index + 10}});
        hub.admin(Method::PATCH, &path, Some(settings))
    });
    let webhook = json!({"domain_name": acme.domain_name, "url": hook});
    let sender = json!({"domain_name": acme.domain_name, "from": "new@acme.example", "organization_name": "New"});
    let ((), webhook, sender) = futures::join!(
        async { join_all(prices).await.into_iter().for_each(|answer| drop(answer.expect(200))) },
        hub.put(&acme, "/account-settings/webhook", webhook),
        hub.put(&acme, "/account-settings/outbound-email", sender)
    );
    webhook.expect(200);
    sender.expect(200);
    let shown = hub.domain(&acme.domain_name).await;
    assert_eq!(shown["prices"], json!({"phone": 10, "sms": 11, "wmsg": 12, "wvoice": 13, "email": 14}));
    assert_eq!(shown["email_from"], "new@acme.example");
    let webhook = hub.get(&acme, &acme.at("/account-settings/webhook")).await.expect(200);
    assert_eq!(webhook["url"], hook);
}

// N1
#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_shown_once_listed_without_its_secret_and_revoked() {
    let (hub, acme) = acme().await;
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
    let caller = Caller { api_key: secret.to_owned(), ..acme.clone() };
    problem(&hub.post(&caller, "/start", direct(&acme, "phone", ALEX)).await, 403);
}

// N1, A3
#[tokio::test(flavor = "multi_thread")]
async fn a_key_with_faults_is_not_made() {
    let (hub, acme) = acme().await;
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
    let (hub, acme) = acme_in_test_mode().await;
    let second = hub.second_domain(&acme).await;
    hub.post(&second, "/start", direct(&second, "phone", ALEX)).await.expect(200);
    assert_eq!(hub.get(&acme, &acme.at("/calls")).await.expect(200)["calls"], json!([]));
    let calls = hub.get(&acme, &second.at("/calls")).await.expect(200);
    assert_eq!(calls["calls"].as_array().map(Vec::len), Some(1));
}
