//! The do-not-contact list while answers are lost: what was asked for once is done, and told as done.

use hub_fixture::{Caller, TestHub};
use hub_local::aws::{Injected, Kind, Service};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::fault;

const LIST: &str = "/contacts/do-not-contact";

/// Loses the answer to the next call of this operation on an entry of the list.
fn lose_answer(hub: &TestHub, operation: &str) -> Injected {
    let lost = fault(Kind::TimeoutAfterEffect, Service::DynamoDb, operation).times(1);
    let on_the_list = |body: &Value| body["Key"]["pk"]["S"].as_str().is_some_and(|pk| pk.starts_with("DNC#"));
    hub.local.embedded.faults().inject(lost.when(on_the_list))
}

async fn remove(hub: &TestHub, acme: &Caller, query: &str) -> Value {
    let path = format!("{LIST}?domain_name=acme&contact=4165551234{query}");
    hub.call(Method::DELETE, &path, &acme.api_key, None, &[]).await.expect(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_whose_writes_answer_was_lost_counts_as_added() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let lost = lose_answer(&hub, "UpdateItem");
    let request = hub.request(Method::POST, "/contacts/do-not-contact?domain_name=acme").bearer_auth(&acme.api_key);
    let imported = hub.send(request.header("Content-Type", "text/csv").body("4165551234\n")).await.expect(200);
    assert_eq!(imported, json!({"added": 1, "already_listed": 0, "errors": [], "more_errors": 0}));
    assert_eq!(lost.hits(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_whose_answer_was_lost_is_told_as_done() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    hub.post(&acme, LIST, json!({"domain_name": "acme", "contact": "4165551234"})).await.expect(200);
    let lost = lose_answer(&hub, "UpdateItem");
    let left = remove(&hub, &acme, "&channel=sms").await;
    assert_eq!((left["closed"].as_array().map(Vec::len), lost.hits()), (Some(4), 1));
    let lost = lose_answer(&hub, "DeleteItem");
    let left = remove(&hub, &acme, "").await;
    assert_eq!((left["closed"].as_array().map(Vec::len), lost.hits()), (Some(0), 1));
}
