//! What the hub asks of AWS, so that it cannot become more unnoticed. `--nocapture` shows the table.

use std::collections::BTreeMap;

use hub_fixture::{Caller, TestHub};
use hub_local::Options;
use hub_local::aws::{Operation, SendingQuota, Service, Snapshot};
use serde_json::{Value, json};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use crate::carrier::Line;
use crate::support::{email, seconds, slow_events};

/// The smallest image there is.
const PIXEL: &str = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=";

type Calls = BTreeMap<String, u64>;

/// Whether a call belongs to the tick and the pollers, which Lambda and EventBridge do on AWS.
fn wakes(operation: &Operation) -> bool {
    let polls = ["ReceiveMessage", "DeleteMessageBatch"].contains(&operation.name.as_str());
    polls || operation.index.as_deref() == Some("due")
}

/// The calls of what was done.
fn calls(snapshot: &Snapshot) -> Calls {
    let mut calls = Calls::new();
    for (operation, tally) in snapshot.operations.iter().filter(|(operation, _)| !wakes(operation)) {
        *calls.entry(operation.name.clone()).or_default() += tally.calls;
    }
    calls
}

fn these<const N: usize>(calls: [(&str, u64); N]) -> Calls {
    calls.into_iter().map(|(name, calls)| (name.to_owned(), calls)).collect()
}

fn units(snapshot: &Snapshot, service: Service) -> f64 {
    let done = snapshot.operations.iter();
    let done = done.filter(|(operation, _)| operation.service == service && !wakes(operation));
    done.map(|(_, tally)| tally.units).sum()
}

/// Prints a line of the table.
fn show(what: &str, snapshot: &Snapshot) {
    let calls = calls(snapshot);
    let listed: Vec<_> = calls.iter().map(|(name, calls)| format!("{calls} {name}")).collect();
    let total: u64 = calls.values().sum();
    println!("{what:<36} {total:>2} calls {:>6.1} units   {}", units(snapshot, Service::DynamoDb), listed.join(", "));
}

/// A hub whose functions do not read again what they have just read, as they do while it is recorded what they use.
async fn keeping_what_it_reads(sending_quota: Option<SendingQuota>) -> TestHub {
    let unrecorded = |options: &mut Options| *options = Options { sending_quota, record: None, ..options.clone() };
    TestHub::start_with(unrecorded).await
}

/// A hub with nothing in flight and every cache warm.
async fn warm(webhook: Option<&MockServer>) -> (TestHub, Caller) {
    let hub = keeping_what_it_reads(None).await;
    let acme = hub.demo();
    if let Some(server) = webhook {
        let set = json!({"domain_name": "acme", "url": server.uri()});
        hub.put(&acme, "/account-settings/webhook", set).await.expect(200);
    }
    slow_events(&hub);
    warm_up(&hub, &acme, &json!({})).await;
    (hub, acme)
}

async fn warm_up(hub: &TestHub, acme: &Caller, changes: &Value) {
    let id = hub.started(acme, with(email(), changes)).await;
    hub.until_status(acme, &id, "Completed").await;
    hub.until_quiet().await;
}

fn with(mut body: Value, changes: &Value) -> Value {
    for (field, value) in changes.as_object().into_iter().flatten() {
        body[field] = value.clone();
    }
    body
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
async fn dispatched(hub: &TestHub, acme: &Caller, changes: Value) -> Snapshot {
    let id = hub.started(acme, with(later(hub), &changes)).await;
    hub.advance(seconds(590));
    warm_up(hub, acme, &changes).await;
    hub.local.embedded.meter().reset();
    hub.advance(seconds(11));
    hub.until("the mail has left", || async {
        let filter = hub_local::aws::Filter { engagement_id: Some(id.clone()), ..Default::default() };
        let left = hub.local.embedded.outbox().list(&filter).expect("the outbox can be read");
        if left.is_empty() { Err("nothing".to_owned()) } else { Ok(()) }
    })
    .await;
    hub.until_quiet().await;
    hub.local.embedded.meter().reset()
}

#[tokio::test(flavor = "multi_thread")]
async fn dispatching_an_email_takes_five_calls_and_one_for_each_event_of_it() {
    let (hub, acme) = warm(None).await;
    let dispatched = dispatched(&hub, &acme, json!({})).await;
    show("dispatch an email (with 2 events)", &dispatched);
    assert_eq!(calls(&dispatched), of_one_email());
    assert!(units(&dispatched, Service::DynamoDb) <= 8.0);
}

/// Claim, content, do-not-contact, SES, record; and a look at the engagement for Send and Delivery.
fn of_one_email() -> Calls {
    these([("UpdateItem", 1), ("GetItem", 2 + 2), ("SendEmail", 1), ("PutItem", 1)])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_and_a_logo_are_read_once_and_not_for_every_email() {
    let hub = keeping_what_it_reads(None).await;
    let acme = hub.demo();
    let template = json!({"domain_name": "acme", "name": "Cost", "bodyHtml": "<p>{{CUSTOMER_NAME}}</p>"});
    let template = hub.post(&acme, "/account-settings/email-templates", template).await.expect(201);
    let settings =
        json!({"domain_name": "acme", "from": "a@acme.example", "footer_html": "<p>Acme</p>", "logo": PIXEL});
    hub.put(&acme, "/account-settings/outbound-email", settings).await.expect(200);
    slow_events(&hub);
    let changes = json!({"email_template_id": template["id"]});
    warm_up(&hub, &acme, &changes).await;
    let dispatched = dispatched(&hub, &acme, changes).await;
    show("the same with a template and a logo", &dispatched);
    assert_eq!(calls(&dispatched), of_one_email());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emails_turn_takes_one_call_where_the_mail_service_has_a_rate() {
    let quota = SendingQuota { per_second: 14, per_day: 50_000 };
    let hub = keeping_what_it_reads(Some(quota)).await;
    let acme = hub.demo();
    slow_events(&hub);
    warm_up(&hub, &acme, &json!({})).await;
    let mut dispatched = dispatched(&hub, &acme, json!({})).await;
    show("the same where SES has a rate", &dispatched);
    // The quota itself is asked for every five minutes, and the clock has moved on by ten.
    dispatched.operations.retain(|operation, _| operation.name != "GetAccount");
    let mut expected = of_one_email();
    expected.insert("UpdateItem".to_owned(), 2);
    assert_eq!(calls(&dispatched), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn telling_a_webhook_of_it_takes_five_calls_more() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    let (hub, acme) = warm(Some(&server)).await;
    let dispatched = dispatched(&hub, &acme, json!({})).await;
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
    assert!(units(&polled, Service::DynamoDb) <= 1.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_of_a_conversation_by_message_takes_four_calls() {
    let (hub, acme) = warm(None).await;
    let talk = json!({"channel": "sms", "phone_number": "+15005550201", "type": "conversational"});
    let id = hub.started(&acme, with(email(), &talk)).await;
    hub.until("the conversation has begun", || async {
        let report = hub.report(&acme, &id).await;
        if report["transcript"].as_array().is_some_and(|said| said.len() == 1) {
            Ok(())
        } else {
            Err(report.to_string())
        }
    })
    .await;
    // The simulator looks after its contact once, a second later.
    tick_over(&hub).await;
    let turn = hub
        .until("a turn is not in the middle of a tick", || async {
            hub.local.embedded.meter().reset();
            let request = hub.request(reqwest::Method::POST, "/_local/contacts/+15005550201/reply");
            let body = json!({"channel": "sms", "text": "How much is it?"}).to_string();
            hub.send(request.header("Content-Type", "application/json").body(body)).await.expect(200);
            let turn = hub.local.embedded.meter().reset();
            if calls(&turn).get("Query") == Some(&1) { Ok(turn) } else { Err(turn.to_string()) }
        })
        .await;
    show("a turn of a conversation by SMS", &turn);
    // Whose it is; the conversation; the turn with what was heard and said; that its answer has left.
    assert_eq!(calls(&turn), these([("GetItem", 1), ("Query", 1), ("TransactWriteItems", 1), ("PutItem", 1)]));
    let units = units(&turn, Service::DynamoDb);
    assert!(units <= 24.0, "{units}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_of_a_call_takes_four_calls() {
    let line = Line::open_with(|options| options.record = None).await;
    line.started("phone", "conversational").await;
    let opening = line.twilio.answer(&line.call(), "human").await;
    let says = async |listening| line.twilio.say(&line.call(), &listening, Some("How much is it?")).await;
    let listening = tokio::sync::Mutex::new(says(opening).await);
    let turn = line
        .hub
        .until("a turn is not in the middle of a tick", || async {
            let mut listening = listening.lock().await;
            line.hub.local.embedded.meter().reset();
            let next = says(listening.clone()).await;
            let turn = line.hub.local.embedded.meter().reset();
            *listening = next;
            if calls(&turn).get("Query") == Some(&1) { Ok(turn) } else { Err(turn.to_string()) }
        })
        .await;
    show("a turn of a call", &turn);
    // Whose it is and in which language; the conversation; the turn with what was heard and said.
    assert_eq!(calls(&turn), these([("GetItem", 2), ("Query", 1), ("TransactWriteItems", 1)]));
    let units = units(&turn, Service::DynamoDb);
    assert!(units <= 20.0, "{units}");
}

/// Waits until the simulator has looked after every contact that it has to.
async fn tick_over(hub: &TestHub) {
    hub.advance(seconds(2));
    hub.until("nothing waits for the simulator", || async {
        let counts = hub.local.embedded.counts("send-message").expect("the queue is there");
        let waiting = counts.visible + counts.in_flight + counts.delayed;
        if waiting == 0 { Ok(()) } else { Err(waiting.to_string()) }
    })
    .await;
}
