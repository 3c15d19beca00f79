//! A campaign of the JSON:API that is killed before any write of its scheduling is sent out once by asking again.

use futures::StreamExt;
use futures::stream;
use hub_fixture::{Caller, TestHub};
use hub_local::aws::{Kind, Rule};
use reqwest::Method;
use serde_json::{Value, json};

use crate::bulk::campaign::{assert_each_left_once, fast_hub, keys, rows_of, until_batch_in_time};
use crate::bulk::crashes::changes_something;
use crate::support::OPENING;

/// How many hubs are killed side by side.
const AT_ONCE: usize = 4;

/// Who speaks JSON:API: the id of a key, and the key.
type Key = (String, String);

async fn key(hub: &TestHub, acme: &Caller) -> Key {
    let path = format!("/admin/accounts/{}/api-keys", acme.account_id);
    let made = hub.admin(Method::POST, &path, Some(json!({"name": "json-api"}))).await.expect(201);
    let text = |field: &str| made[field].as_str().expect("a text").to_owned();
    (text("api_key_id"), text("api_key"))
}

async fn send(hub: &TestHub, key: &Key, method: Method, path: &str, body: Value) -> Value {
    let request = hub.request(method, &format!("/api/v1/{path}")).basic_auth(&key.0, Some(&key.1));
    let answer = hub.send(request.body(body.to_string())).await;
    assert!(answer.status < 300, "{path}: {}", answer.body);
    answer.body
}

async fn made(hub: &TestHub, key: &Key, kind: &str, attributes: Value, relationships: Value) -> Value {
    let resource = json!({"type": kind, "attributes": attributes, "relationships": relationships});
    let made = send(hub, key, Method::POST, kind, json!({"data": resource})).await;
    json!({"data": {"type": kind, "id": made["data"]["id"]}})
}

/// An engagement that emails three customers as soon as it is scheduled.
async fn whole(hub: &TestHub, key: &Key) -> Value {
    let template = json!({"subject": "Specials", "body": "<p>Hello {{first-name}}.</p>"});
    let template = made(hub, key, "email-templates", template, json!({})).await;
    let engagement = made(hub, key, "engagements", json!({"name": "Specials"}), json!({})).await;
    let relationships = json!({"engagement": engagement, "email-template": template});
    made(hub, key, "activities", json!({"kind": "email"}), relationships).await;
    for number in 0..3 {
        let attributes = json!({"email-address": format!("customer-{number}@example.com")});
        made(hub, key, "envelopes", attributes, json!({"engagement": engagement})).await;
    }
    engagement["data"]["id"].clone()
}

async fn schedule(hub: &TestHub, key: &Key, engagement: &Value) -> Value {
    let resource = json!({"type": "engagements", "id": engagement, "attributes": {"status": "scheduled"}});
    let path = format!("engagements/{}", engagement.as_str().expect("an id"));
    send(hub, key, Method::PATCH, &path, json!({"data": resource})).await
}

/// Kills a hub before its `number`-th write of a scheduling, and schedules again; whether it came to that.
async fn is_sent_out_after_a_kill(number: u32) -> bool {
    let (hub, acme) = fast_hub().await;
    let key = key(&hub, &acme).await;
    let engagement = whole(&hub, &key).await;
    hub.until_quiet().await;
    let faults = hub.local.embedded.faults().clone();
    faults.inject(Rule::new(Kind::Crash).when(changes_something).skip(number).times(1));
    let killed = tokio::select! {
        _ = schedule(&hub, &key, &engagement) => false,
        () = faults.crashed() => true,
    };
    if !killed {
        return false;
    }
    let hub = hub.revive().await;
    let scheduled = schedule(&hub, &key, &engagement).await;
    assert_eq!(scheduled["data"]["attributes"]["count-total"], 3, "killed before write {number}");
    let batches = hub.get(&acme, &acme.at("/bulk-calls/batches")).await.expect(200);
    let batch = batches["batches"][0]["batch_id"].as_str().expect("a batch").to_owned();
    until_batch_in_time(&hub, &acme, &batch, "Completed").await;
    assert_each_left_once(&hub, &rows_of(&hub, &acme, &batch).await).await;
    assert_eq!(hub.balance(&acme).await, OPENING - 3, "killed before write {number}");
    assert_eq!(keys(&hub, "BATCH#").await.iter().filter(|key| key.ends_with(" BATCH")).count(), 1);
    true
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_any_write_of_its_scheduling_a_campaign_is_sent_out_once_by_asking_again() {
    let mut next = 0;
    loop {
        let numbers = next..next + u32::try_from(AT_ONCE).expect("few");
        next = numbers.end;
        let killed: Vec<bool> = stream::iter(numbers).map(is_sent_out_after_a_kill).buffered(AT_ONCE).collect().await;
        if killed.contains(&false) {
            break;
        }
    }
    // It is closed, and drafted, written, committed and handed over as a batch.
    assert!(next >= 4, "only {next} writes were found");
}
