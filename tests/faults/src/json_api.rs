//! What breaks off or is asked for by several at once in the JSON:API happens once: a campaign is sent out, and a number is
//! called to verify it.

use futures::StreamExt;
use futures::future::join_all;
use futures::stream;
use hub_fixture::{Caller, TestHub};
use hub_local::aws::{Kind, Rule, Service};
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

/// Many who schedule at once with credits for nearly all, so that some are refused before another's batch is there.
#[tokio::test(flavor = "multi_thread")]
async fn scheduled_by_many_at_once_a_campaign_is_one_batch_and_stays_closed() {
    let (hub, acme) = fast_hub().await;
    hub.set_domain("acme", json!({"customer_dedup_days": 7})).await;
    let key = key(&hub, &acme).await;
    let engagement = whole(&hub, &key).await;
    let id = engagement.as_str().expect("an id");
    let body = json!({"data": {"type": "engagements", "id": id, "attributes": {"status": "scheduled"}}}).to_string();
    let answers = join_all((0..30).map(|_| {
        let request = hub.request(Method::PATCH, &format!("/api/v1/engagements/{id}"));
        hub.send(request.basic_auth(&key.0, Some(&key.1)).body(body.clone()))
    }))
    .await;
    assert!(answers.iter().any(|answer| answer.status == 202), "{}", answers[0].body);
    let batches = hub.get(&acme, &acme.at("/bulk-calls/batches")).await.expect(200);
    assert_eq!(batches["batches"].as_array().map(Vec::len), Some(1), "{batches}");
    let late = json!({"data": {"type": "envelopes", "attributes": {"email-address": "late@example.com"},
        "relationships": {"engagement": {"data": {"type": "engagements", "id": id}}}}});
    let request = hub.request(Method::POST, "/api/v1/envelopes").basic_auth(&key.0, Some(&key.1));
    assert_eq!(hub.send(request.body(late.to_string())).await.status, 409, "it is closed");
    assert_eq!(hub.balance(&acme).await, OPENING - 3);
}

const NUMBER: &str = "+14165550107";

async fn make_caller_id(hub: &TestHub, key: &Key) -> hub_fixture::Answer {
    let body = json!({"data": {"type": "caller-ids", "attributes": {"phone-number": NUMBER}}});
    let request = hub.request(Method::POST, "/api/v1/caller-ids").basic_auth(&key.0, Some(&key.1));
    hub.send(request.header("Idempotency-Key", "office").body(body.to_string())).await
}

/// The texts of the calls to the number, as soon as there is one.
async fn told(hub: &TestHub) -> Vec<Value> {
    hub.until("the number is called", || async {
        let calls = hub.messages("contact=%2B14165550107").await;
        if calls.is_empty() { Err("no call".to_owned()) } else { Ok(calls) }
    })
    .await
}

/// Sends the code that was told.
async fn verify(hub: &TestHub, key: &Key, made: &Value, call: &Value) {
    let text = call["text"].as_str().expect("a text");
    let code: String = text.chars().filter(char::is_ascii_digit).take(6).collect();
    let id = made["data"]["id"].as_str().expect("an id");
    let said = json!({"data": {"type": "caller-ids", "id": id, "attributes": {"code": code}}});
    send(hub, key, Method::POST, &format!("caller-ids/{id}/verify"), said).await;
}

/// Kills a hub before its `number`-th write of making a caller id, and makes it again; whether it came to that.
async fn is_called_once_after_a_kill(number: u32) -> bool {
    let (hub, acme) = fast_hub().await;
    let key = key(&hub, &acme).await;
    let faults = hub.local.embedded.faults().clone();
    faults.inject(Rule::new(Kind::Crash).when(changes_something).skip(number).times(1));
    let killed = tokio::select! {
        _ = make_caller_id(&hub, &key) => false,
        () = faults.crashed() => true,
    };
    if !killed {
        return false;
    }
    let hub = hub.revive().await;
    let made = make_caller_id(&hub, &key).await.expect(201);
    let calls = told(&hub).await;
    verify(&hub, &key, &made, &calls[0]).await;
    hub.until_quiet().await;
    assert_eq!(hub.messages("contact=%2B14165550107").await.len(), 1, "killed before write {number}");
    assert_eq!(hub.balance(&acme).await, OPENING - 1, "killed before write {number}");
    true
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_any_write_of_making_it_a_caller_id_is_called_once_by_asking_again() {
    let mut number = 0;
    while is_called_once_after_a_kill(number).await {
        number += 1;
    }
    // It is kept, and its call is accepted and handed over.
    assert!(number >= 2, "only {number} writes were found");
}

#[tokio::test(flavor = "multi_thread")]
async fn made_by_many_at_once_with_one_key_a_caller_id_is_called_once() {
    let (hub, acme) = fast_hub().await;
    let key = key(&hub, &acme).await;
    let answers = join_all((0..20).map(|_| make_caller_id(&hub, &key))).await;
    let ids: std::collections::BTreeSet<String> =
        answers.iter().map(|answer| answer.body["data"]["id"].to_string()).collect();
    assert_eq!(ids.len(), 1, "{ids:?}");
    let calls = told(&hub).await;
    verify(&hub, &key, &answers[0].body, &calls[0]).await;
    hub.until_quiet().await;
    assert_eq!((hub.messages("contact=%2B14165550107").await.len(), hub.balance(&acme).await), (1, OPENING - 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_a_campaign_that_the_table_did_not_answer_is_made_once() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let key = key(&hub, &acme).await;
    let engagement = made(&hub, &key, "engagements", json!({"name": "Specials"}), json!({})).await;
    let template = made(&hub, &key, "email-templates", json!({"subject": "A", "body": "<p>A</p>"}), json!({})).await;
    let changed = |body: &Value| body.to_string().contains("\"next_envelope\"");
    let unanswered =
        Rule::new(Kind::TimeoutAfterEffect).on(Service::DynamoDb, "TransactWriteItems").when(changed).times(1);
    let struck = hub.local.embedded.faults().inject(unanswered);
    let relationships = json!({"engagement": engagement, "email-template": template});
    // Another activity would be one too many.
    made(&hub, &key, "activities", json!({"kind": "email"}), relationships).await;
    assert!(struck.hits() > 0);
}
