//! The settings of webhooks, and the tries that are listed (checklist G1). What is received is in the tests of faults: a
//! hub elsewhere reaches no receiver of a test.

use hub_fixture::{Caller, Hub};
use reqwest::Method;
use serde_json::{Value, json};

use crate::anywhere::{acme, acme_in_test_mode};
use crate::problem::problem;
use crate::requests::{ALEX, integration, with};

const PATH: &str = "/account-settings/webhook";
const DELIVERIES: &str = "/account-settings/webhook/deliveries";
const URL: &str = "https://hooks.example.com/engagements";

/// Is refused wherever the hub runs, before anything is connected to.
const INSIDE: &str = "https://10.0.0.1/hook";

async fn set(hub: &Hub, acme: &Caller, settings: Value) -> Value {
    hub.put(acme, PATH, with(json!({"domain_name": acme.domain_name}), settings)).await.expect(200)
}

async fn shown(hub: &Hub, acme: &Caller) -> Value {
    hub.get(acme, &acme.at(PATH)).await.expect(200)
}

async fn tested(hub: &Hub, acme: &Caller) -> hub_fixture::Answer {
    hub.post(acme, "/account-settings/webhook/test", json!({"domain_name": acme.domain_name})).await
}

// G1
#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_shown_without_its_secret_which_is_told_when_it_is_set() {
    let (hub, acme) = acme().await;
    let unset = json!({"domain_name": acme.domain_name, "url": null, "secret_hint": null, "enabled": false});
    assert_eq!(shown(&hub, &acme).await, unset);
    let made = set(&hub, &acme, json!({"url": URL})).await;
    let secret = made["secret"].as_str().expect("a secret");
    assert!(secret.starts_with("whsec_") && secret.len() == "whsec_".len() + 44, "{made}");
    let seen = shown(&hub, &acme).await;
    let hint = format!("…{}", &secret[secret.len() - 4..]);
    assert_eq!(seen, json!({"domain_name": acme.domain_name, "url": URL, "secret_hint": hint, "enabled": true}));
    assert_eq!(with(seen, json!({"secret": secret})), made);
}

// G1
#[tokio::test(flavor = "multi_thread")]
async fn a_secret_stays_until_another_is_given_or_the_webhook_is_removed() {
    let (hub, acme) = acme().await;
    let first = set(&hub, &acme, json!({"url": URL})).await["secret"].clone();
    let moved = set(&hub, &acme, json!({"url": "https://other.example.com/hook"})).await;
    assert_eq!((&moved["secret"], &moved["url"]), (&first, &json!("https://other.example.com/hook")));
    let own = set(&hub, &acme, json!({"url": URL, "secret": "a-secret-of-my-own"})).await;
    assert_eq!((&own["secret"], &own["secret_hint"]), (&json!("a-secret-of-my-own"), &json!("…-own")));
    for nothing in [Value::Null, json!("")] {
        let removed = set(&hub, &acme, json!({"url": nothing})).await;
        assert_eq!(
            (&removed["url"], &removed["secret"], &removed["enabled"]),
            (&json!(null), &json!(null), &json!(false))
        );
    }
    assert_ne!(set(&hub, &acme, json!({"url": URL})).await["secret"], first);
}

// A3, G1
#[tokio::test(flavor = "multi_thread")]
async fn an_address_or_a_secret_that_cannot_be_is_told_and_changes_nothing() {
    let (hub, acme) = acme().await;
    set(&hub, &acme, json!({"url": URL})).await;
    let before = shown(&hub, &acme).await;
    for (settings, field) in [
        (json!({"url": "http://hooks.example.com/engagements"}), "url"),
        (json!({"url": "hooks.example.com"}), "url"),
        (json!({"url": "https://"}), "url"),
        (json!({"url": 7}), "url"),
        (json!({"url": URL, "secret": "short"}), "secret"),
        (json!({"url": URL, "secret": "with a blank in it"}), "secret"),
        (json!({"url": URL, "secret": "x".repeat(257)}), "secret"),
    ] {
        let answer = hub.put(&acme, PATH, with(json!({"domain_name": acme.domain_name}), settings.clone())).await;
        problem(&answer, 400);
        assert_eq!(answer.faulty_fields(), [field], "{settings}");
    }
    assert_eq!(shown(&hub, &acme).await, before);
}

// G1
#[tokio::test(flavor = "multi_thread")]
async fn the_test_of_a_webhook_needs_one_and_says_why_it_did_not_arrive() {
    let (hub, acme) = acme().await;
    problem(&tested(&hub, &acme).await, 409);
    let second = hub.second_domain(&acme).await;
    set(&hub, &second, json!({"url": INSIDE})).await;
    let answer = tested(&hub, &second).await.expect(200);
    assert_eq!(answer["delivered"], false);
    assert!(answer["error"].as_str().is_some_and(|why| why.contains("not on the public internet")), "{answer}");
}

/// The newest delivery of the caller's domain as soon as it was tried so often.
async fn until_tried(hub: &Hub, acme: &Caller, tries: usize) -> Value {
    hub.until(&format!("a delivery was tried {tries} times"), async || {
        let list = hub.get(acme, &acme.at(DELIVERIES)).await.expect(200);
        let made = list["deliveries"][0]["attempts"].as_array().map_or(0, Vec::len);
        if made >= tries { Ok(list["deliveries"][0].clone()) } else { Err(list.to_string()) }
    })
    .await
}

// G1
#[tokio::test(flavor = "multi_thread")]
async fn every_try_of_a_delivery_is_listed_and_it_can_be_made_again() {
    let (hub, acme) = acme_in_test_mode().await;
    set(&hub, &acme, json!({"url": INSIDE})).await;
    let id = hub.started(&acme, integration(&acme, "sms", ALEX)).await;
    hub.until_status(&acme, &id, "Completed").await;
    let delivery = until_tried(&hub, &acme, 1).await;
    assert_eq!((&delivery["engagement_id"], &delivery["status"]), (&json!(id), &json!("pending")), "{delivery}");
    let error = delivery["attempts"][0]["error"].as_str().expect("an error");
    assert!(error.contains("not on the public internet"), "{error}");
    let path = format!("{DELIVERIES}/{}/redeliver", delivery["delivery_id"].as_str().expect("an id"));
    let again = hub.call(Method::POST, &path, &acme.api_key, None, &[]).await.expect(200);
    assert_eq!(again["delivery_id"], delivery["delivery_id"]);
    until_tried(&hub, &acme, 2).await;
    let of_another = acme.at(&format!("{DELIVERIES}?engagement_id=eng_000000000000000000000000"));
    assert_eq!(hub.get(&acme, &of_another).await.expect(200)["deliveries"], json!([]));
}

// A1, G1
#[tokio::test(flavor = "multi_thread")]
async fn webhooks_take_the_permission() {
    let (hub, acme) = acme().await;
    let starter = hub.with_key(&acme, json!({"name": "starts", "permissions": ["engagements"]})).await;
    for answer in [
        hub.get(&starter, &acme.at(PATH)).await,
        hub.get(&starter, &acme.at(DELIVERIES)).await,
        hub.put(&starter, PATH, json!({"domain_name": acme.domain_name, "url": URL})).await,
        tested(&hub, &starter).await,
        hub.call(Method::POST, &format!("{DELIVERIES}/dlv_0/redeliver"), &starter.api_key, None, &[]).await,
    ] {
        assert!(problem(&answer, 403).contains("account_settings"), "{}", answer.body);
    }
}
