//! What the hub asks of AWS, so that it cannot become more unnoticed. `--nocapture` shows the table.

use std::collections::BTreeMap;
use std::time::Duration;

use hub_fixture::{Caller, TestHub};
use hub_local::aws::{Kind, Service, Snapshot};
use serde_json::Value;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use crate::support::{email, fault, seconds};

type Calls = BTreeMap<String, u64>;

/// The calls of what was done, without those of the tick and of the pollers, which Lambda and EventBridge do on AWS.
fn calls(snapshot: &Snapshot) -> Calls {
    let waking = ["ReceiveMessage", "DeleteMessageBatch"];
    let done = snapshot.operations.iter().filter(|(operation, _)| !waking.contains(&operation.name.as_str()));
    let counted = done.map(|(operation, tally)| {
        (
            operation.name.clone(),
            match operation.name.as_str() {
                // Each tick looks into the sixteen shards.
                "Query" => tally.calls % 16,
                _ => tally.calls,
            },
        )
    });
    counted.filter(|(_, calls)| *calls > 0).collect()
}

fn these<const N: usize>(calls: [(&str, u64); N]) -> Calls {
    calls.into_iter().map(|(name, calls)| (name.to_owned(), calls)).collect()
}

fn units(snapshot: &Snapshot, service: Service) -> f64 {
    let waking = ["Query"];
    let done = snapshot.operations.iter();
    let done = done.filter(|(operation, _)| operation.service == service && !waking.contains(&operation.name.as_str()));
    done.map(|(_, tally)| tally.units).sum()
}

/// Prints a line of the table.
fn show(what: &str, snapshot: &Snapshot) {
    let calls = calls(snapshot);
    let listed: Vec<_> = calls.iter().map(|(name, calls)| format!("{calls} {name}")).collect();
    let total: u64 = calls.values().sum();
    println!("{what:<36} {total:>2} calls {:>6.1} units   {}", units(snapshot, Service::DynamoDb), listed.join(", "));
}

/// A hub with nothing in flight and every cache warm.
async fn warm(webhook: Option<&MockServer>) -> (TestHub, Caller) {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    if let Some(server) = webhook {
        let set = serde_json::json!({"domain_name": "acme", "url": server.uri()});
        hub.put(&acme, "/account-settings/webhook", set).await.expect(200);
    }
    // An event that is faster than the record of what it proves would change the count.
    let events = fault(Kind::Latency(Duration::from_millis(300)), Service::DynamoDb, "GetItem");
    hub.local.embedded.faults().inject(events.when(|body| body["Key"]["sk"]["S"] == "META"));
    warm_up(&hub, &acme).await;
    (hub, acme)
}

async fn warm_up(hub: &TestHub, acme: &Caller) {
    let id = hub.started(acme, email()).await;
    hub.until_status(acme, &id, "Completed").await;
    until_quiet(hub).await;
}

/// Waits until no queue holds anything that is to be done now.
async fn until_quiet(hub: &TestHub) {
    hub.until("nothing is in flight", || async {
        let busy = |queue: &str| {
            let counts = hub.local.embedded.counts(queue).expect("the queue is there");
            counts.visible + counts.in_flight
        };
        let busy: u64 = ["send-email", "email-events", "deliver-webhook"].into_iter().map(busy).sum();
        if busy == 0 { Ok(()) } else { Err(busy.to_string()) }
    })
    .await;
}

/// An email for ten minutes from now: it is accepted like any other, and its message waits in the queue.
fn later(hub: &TestHub) -> Value {
    let mut body = email();
    body["scheduled_time"] = (hub.clock.now() + seconds(600)).to_string().into();
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn accepting_takes_three_calls() {
    let (hub, acme) = warm(None).await;
    let body = later(&hub);
    hub.local.embedded.meter().reset();
    hub.started(&acme, body.clone()).await;
    let accepted = hub.local.embedded.meter().reset();
    show("accept an email", &accepted);
    assert_eq!(calls(&accepted), these([("GetItem", 1), ("SendMessage", 1), ("TransactWriteItems", 1)]));
    assert!(units(&accepted, Service::DynamoDb) <= 11.0);

    let key = [("Idempotency-Key", "cost-1")];
    hub.post_with(&acme, "/integration/start", body.clone(), &key).await.expect(200);
    let accepted = hub.local.embedded.meter().reset();
    show("accept an email with a key", &accepted);
    assert_eq!(calls(&accepted), these([("GetItem", 3), ("SendMessage", 1), ("TransactWriteItems", 1)]));
    hub.post_with(&acme, "/integration/start", body, &key).await.expect(200);
    let again = hub.local.embedded.meter().reset();
    show("the same key again", &again);
    assert_eq!(calls(&again), these([("GetItem", 2)]));
}

/// Dispatches one email with warm caches, and gives what that came to.
async fn dispatched(webhook: Option<&MockServer>) -> Snapshot {
    let (hub, acme) = warm(webhook).await;
    let id = hub.started(&acme, later(&hub)).await;
    hub.advance(seconds(590));
    warm_up(&hub, &acme).await;
    hub.local.embedded.meter().reset();
    hub.advance(seconds(11));
    hub.until("the mail has left", || async {
        let filter = hub_local::aws::Filter { engagement_id: Some(id.clone()), ..Default::default() };
        let left = hub.local.embedded.outbox().list(&filter).expect("the outbox can be read");
        if left.is_empty() { Err("nothing".to_owned()) } else { Ok(()) }
    })
    .await;
    until_quiet(&hub).await;
    hub.local.embedded.meter().reset()
}

#[tokio::test(flavor = "multi_thread")]
async fn dispatching_an_email_takes_five_calls_and_one_for_each_event_of_it() {
    let dispatched = dispatched(None).await;
    show("dispatch an email (with 2 events)", &dispatched);
    // Claim, content, do-not-contact, SES, record; and a look at the engagement for Send and Delivery.
    let expected = these([("UpdateItem", 1), ("GetItem", 2 + 2), ("SendEmail", 1), ("PutItem", 1)]);
    assert_eq!(calls(&dispatched), expected);
    assert!(units(&dispatched, Service::DynamoDb) <= 8.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn telling_a_webhook_of_it_takes_five_calls_more() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    let dispatched = dispatched(Some(&server)).await;
    show("dispatch an email, tell a webhook", &dispatched);
    // The record is a transaction with the delivery; that is enqueued, read, claimed, told with the story, recorded.
    let expected = these([
        ("UpdateItem", 1),
        ("GetItem", 2 + 2 + 1),
        ("SendEmail", 1),
        ("TransactWriteItems", 1),
        ("SendMessage", 1),
        ("Query", 1),
        ("PutItem", 2),
    ]);
    assert_eq!(calls(&dispatched), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_takes_one_call() {
    let (hub, acme) = warm(None).await;
    let id = hub.started(&acme, later(&hub)).await;
    let polled = hub
        .until("a poll is not in the middle of a tick", || async {
            hub.local.embedded.meter().reset();
            hub.report(&acme, &id).await;
            let polled = hub.local.embedded.meter().reset();
            if polled.calls(Service::DynamoDb, "Query") == 1 { Ok(polled) } else { Err(polled.to_string()) }
        })
        .await;
    show("poll a status", &polled);
    assert_eq!(calls(&polled), these([("Query", 1)]));
    assert!(polled.units().read <= 1.0);
}
