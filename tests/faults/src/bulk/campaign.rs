//! What the tests of batches share: submitting one, following it to its end, and counting what came of it.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU32, Ordering};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use hub_fixture::{Answer, Caller, TestHub};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{all_messages, seconds};

/// A hub whose domain `acme` releases as many rows as can be.
pub(crate) async fn fast_hub() -> (TestHub, Caller) {
    let hub = TestHub::start_with(|options| options.bulk_call_rate_limit = 6_000_000).await;
    let acme = hub.demo();
    (hub, acme)
}

/// The contact of the row with this number.
pub(crate) fn address(number: u32) -> String {
    format!("customer-{number}@example.com")
}

/// A row for an email.
pub(crate) fn email_to(address: &str) -> Value {
    json!({"channel": "email", "email": address, "instruction": "Say hello."})
}

/// Emails to as many customers.
pub(crate) fn emails(count: u32) -> Vec<Value> {
    (1..=count).map(|number| email_to(&address(number))).collect()
}

/// The same for a time from now.
pub(crate) fn later(hub: &TestHub, ahead: i64, mut rows: Vec<Value>) -> Vec<Value> {
    let time = (hub.clock.now() + seconds(ahead)).to_string();
    rows.iter_mut().for_each(|row| row["scheduled_time"] = time.as_str().into());
    rows
}

/// Submits these rows, with a key where there is one.
pub(crate) async fn submit_with(hub: &TestHub, caller: &Caller, rows: Vec<Value>, key: Option<&str>) -> Answer {
    let body = json!({"domain_name": caller.domain_name, "rows": rows});
    let headers: Vec<_> = key.map(|key| ("Idempotency-Key", key)).into_iter().collect();
    hub.post_with(caller, "/bulk-calls/submit", body, &headers).await
}

/// Submits these rows and gives the batch that they have become.
pub(crate) async fn submitted(hub: &TestHub, caller: &Caller, rows: Vec<Value>) -> String {
    batch_of(&submit_with(hub, caller, rows, None).await.expect(200))
}

/// The batch that an answer names.
pub(crate) fn batch_of(answer: &Value) -> String {
    answer["batch_id"].as_str().unwrap_or_else(|| panic!("no batch in {answer}")).to_owned()
}

/// The batch and its counts.
pub(crate) async fn shown(hub: &TestHub, caller: &Caller, id: &str) -> Value {
    hub.get(caller, &format!("/bulk-calls/batches/{id}?limit=1")).await.expect(200)
}

/// How many rows of a batch stand so.
pub(crate) fn rows_that_are(counts: &str, shown: &Value) -> usize {
    let count = shown["counts"][counts].as_u64().unwrap_or_else(|| panic!("no {counts} in {shown}"));
    usize::try_from(count).expect("few")
}

/// All rows of a batch, in the order in which they go out.
pub(crate) async fn rows_of(hub: &TestHub, caller: &Caller, id: &str) -> Vec<Value> {
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = hub.get(caller, &format!("/bulk-calls/batches/{id}?limit=100{cursor}")).await.expect(200);
        rows.extend(page["rows"].as_array().expect("rows").clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return rows,
        }
    }
}

/// Does something with a batch.
pub(crate) async fn steer(hub: &TestHub, caller: &Caller, id: &str, verb: &str) -> Answer {
    hub.call(Method::POST, &format!("/bulk-calls/batches/{id}/{verb}"), &caller.api_key, None, &[]).await
}

/// The batch as soon as it stands so.
pub(crate) async fn until_batch(hub: &TestHub, caller: &Caller, id: &str, status: &str) -> Value {
    hub.until(&format!("{id} is {status}"), || async {
        let shown = shown(hub, caller, id).await;
        if shown["status"] == status { Ok(shown) } else { Err(shown.to_string()) }
    })
    .await
}

/// The same, with the clock moved on whenever nothing happens: what a crash left behind comes back by its dates. A large
/// batch is waited for as long as it gets on.
pub(crate) async fn until_batch_in_time(hub: &TestHub, caller: &Caller, id: &str, status: &str) -> Value {
    let mut seen = shown(hub, caller, id).await;
    while seen["status"] != status {
        let looks = AtomicU32::new(0);
        seen = hub
            .until(&format!("{id} is {status}"), || async {
                let now = shown(hub, caller, id).await;
                if now["status"] == status || now["counts"] != seen["counts"] {
                    return Ok(now);
                }
                if looks.fetch_add(1, Ordering::Relaxed) % 20 == 19 {
                    hub.advance(seconds(6));
                }
                Err(now.to_string())
            })
            .await;
    }
    seen
}

/// Whether every one of these rows has left exactly once, and nothing else has.
pub(crate) async fn assert_each_left_once(hub: &TestHub, rows: &[Value]) {
    let mut left: BTreeMap<String, u64> = BTreeMap::new();
    for message in all_messages(hub).await {
        let id = message["engagement_id"].as_str().expect("an id").to_owned();
        *left.entry(id).or_default() += message["times_sent"].as_u64().expect("a number");
    }
    let id = |row: &Value| row["engagement_id"].as_str().expect("an id").to_owned();
    let expected = rows.iter().map(|row| (id(row), 1)).collect();
    assert_eq!(left, expected);
}

/// The keys of all items of the engagements' table that begin so.
pub(crate) async fn keys(hub: &TestHub, prefix: &str) -> Vec<String> {
    let client = Client::new(&hub.local.embedded.sdk_config());
    let scan = client
        .scan()
        .table_name(hub_local::aws::ENGAGEMENTS)
        .filter_expression("begins_with(pk, :prefix)")
        .expression_attribute_values(":prefix", AttributeValue::S(prefix.to_owned()));
    let items = scan.into_paginator().items().send().try_collect().await.expect("the table is read");
    items.iter().map(|item| format!("{} {}", text(item, "pk"), text(item, "sk"))).collect()
}

fn text<'a>(item: &'a HashMap<String, AttributeValue>, name: &str) -> &'a str {
    item[name].as_s().expect("a text")
}
