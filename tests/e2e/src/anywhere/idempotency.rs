//! `Idempotency-Key` (checklist A6).

use futures::future::join_all;
use hub_fixture::{AnyHub, Caller, Hub};
use serde_json::{Value, json};

use crate::anywhere::acme;
use crate::problem::problem;
use crate::requests::{direct, integration};

const ALEX: &str = "alex@example.com";
const JORDAN: &str = "jordan@example.com";

pub(crate) const KEY: &[(&str, &str)] = &[("Idempotency-Key", "order-4711")];

async fn engagements(hub: &Hub, caller: &Caller) -> usize {
    let list = hub.get(caller, &caller.at("/integration/engagements")).await;
    list.expect(200)["engagements"].as_array().expect("a list").len()
}

// A6
#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_with_the_same_key_returns_the_first_answer() {
    let (hub, acme) = acme().await;
    for (path, body) in
        [("/integration/start", integration(&acme, "email", ALEX)), ("/start", direct(&acme, "email", ALEX))]
    {
        let first = hub.post_with(&acme, path, body.clone(), KEY).await.expect(200);
        let second = hub.post_with(&acme, path, body, KEY).await.expect(200);
        assert_eq!(first, second);
    }
    // The same key on two routes is two keys.
    assert_eq!(engagements(&hub, &acme).await, 2);
    assert_eq!(hub.balance(&acme).await, 9_998);
}

// A6
#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_in_another_order_is_the_same_request() {
    let (hub, acme) = acme().await;
    let first = hub.post_with(&acme, "/integration/start", integration(&acme, "email", ALEX), KEY).await.expect(200);
    let Value::Object(fields) = integration(&acme, "email", ALEX) else { panic!("an object") };
    let turned: Vec<String> = fields.iter().rev().map(|(name, value)| format!("\"{name}\" : {value}")).collect();
    let request = hub.request(reqwest::Method::POST, "/integration/start").header(KEY[0].0, KEY[0].1);
    let request = request.bearer_auth(&acme.api_key).header("Content-Type", "application/json; charset=utf-8");
    let second = hub.send(request.body(format!("{{ {} }}", turned.join(" , ")))).await.expect(200);
    assert_eq!(first, second);
}

// A6
#[tokio::test(flavor = "multi_thread")]
async fn another_request_with_the_same_key_is_422() {
    let (hub, acme) = acme().await;
    for (path, body, other) in [
        ("/integration/start", integration(&acme, "email", ALEX), integration(&acme, "email", JORDAN)),
        ("/start", direct(&acme, "email", ALEX), direct(&acme, "email", JORDAN)),
    ] {
        hub.post_with(&acme, path, body, KEY).await.expect(200);
        assert!(problem(&hub.post_with(&acme, path, other, KEY).await, 422).contains("Idempotency-Key"));
    }
    assert_eq!(engagements(&hub, &acme).await, 2);
}

// A6
#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_its_accounts_own() {
    let (hub, acme) = acme().await;
    let globex = hub.tenant("globex", 10).await;
    let first = hub.post_with(&acme, "/integration/start", integration(&acme, "email", ALEX), KEY).await.expect(200);
    let body = integration(&globex, "email", ALEX);
    let other = hub.post_with(&globex, "/integration/start", body, KEY).await.expect(200);
    assert_ne!(first["engagement_id"], other["engagement_id"]);
}

// A6
#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_many_times_at_once_is_carried_out_once() {
    let (hub, acme) = acme().await;
    for (path, body) in
        [("/integration/start", integration(&acme, "email", ALEX)), ("/start", direct(&acme, "email", ALEX))]
    {
        let all = (0..12).map(|_| hub.post_with(&acme, path, body.clone(), KEY));
        let answers: Vec<Value> = join_all(all).await.into_iter().map(|answer| answer.expect(200)).collect();
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    }
    assert_eq!(engagements(&hub, &acme).await, 2);
    assert_eq!(hub.balance(&acme).await, 9_998);
}

// A6
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_start_leaves_its_key_free() {
    let hub = AnyHub::reach().await;
    let globex = hub.tenant("globex", 0).await;
    let body = integration(&globex, "email", ALEX);
    problem(&hub.post_with(&globex, "/integration/start", body.clone(), KEY).await, 402);
    let path = format!("/admin/accounts/{}/credits", globex.account_id);
    let credits = json!({"amount": 5, "reason": "Invoice 1"});
    hub.admin(reqwest::Method::POST, &path, Some(credits)).await.expect(201);
    hub.post_with(&globex, "/integration/start", body, KEY).await.expect(200);
}

// A6
#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_no_key_is_400() {
    let (hub, acme) = acme().await;
    for key in [String::new(), "two words".to_owned(), "k".repeat(256)] {
        let headers = [("Idempotency-Key", key.as_str())];
        let answer = hub.post_with(&acme, "/integration/start", integration(&acme, "email", ALEX), &headers).await;
        problem(&answer, 400);
        assert_eq!(answer.faulty_fields(), ["Idempotency-Key"]);
    }
    assert_eq!(engagements(&hub, &acme).await, 0);
}
