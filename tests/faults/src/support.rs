//! What the tests of this crate share: requests, and looks at what came of them.

use std::time::Duration;

use hub_fixture::{Caller, TestHub};
use hub_local::aws::{Kind, Rule, Service};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// The demo account's opening balance. Every engagement costs one credit.
pub(crate) const OPENING: i64 = 10_000;

/// A start on this channel to this contact.
pub(crate) fn start(domain_name: &str, channel: &str, contact: &str) -> Value {
    json!({"channel": channel, "phone_number": contact, "domain_name": domain_name, "source_record_id": "1",
        "source_org_id": "test", "instruction": "Say hello."})
}

/// An email of the demo account.
pub(crate) fn email() -> Value {
    start("acme", "email", "customer@example.com")
}

/// A direct start of an email of the demo account.
pub(crate) fn direct_email() -> Value {
    json!({"channel": "email", "email_address": "customer@example.com", "domain_name": "acme",
        "instruction": "Say hello."})
}

/// A number of seconds, to move the clock by.
pub(crate) fn seconds(seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(seconds)
}

/// A moment more than the queue has, before the tick looks after what it lost.
pub(crate) fn fast_path(hub: &TestHub) -> SignedDuration {
    hub.local.hub.settings.pace.fast_path + seconds(1)
}

/// A moment more than a claim lasts.
pub(crate) fn lease(hub: &TestHub) -> SignedDuration {
    hub.local.hub.settings.pace.lease + seconds(1)
}

/// A moment more than evidence is awaited.
pub(crate) fn grace(hub: &TestHub) -> SignedDuration {
    hub.local.hub.settings.pace.grace + seconds(1)
}

/// No event of a mail is faster than the record of what it proves, which would make another story of it.
pub(crate) fn slow_events(hub: &TestHub) {
    let events = fault(Kind::Latency(Duration::from_millis(300)), Service::DynamoDb, "GetItem");
    hub.local.embedded.faults().inject(events.when(|body| body["Key"]["sk"]["S"] == "META"));
}

/// Every call of this operation goes wrong in this way.
pub(crate) fn fault(kind: Kind, service: Service, operation: &str) -> Rule {
    Rule::new(kind).on(service, operation)
}

/// The report of an engagement as soon as this has happened to it so often.
pub(crate) async fn until_event(hub: &TestHub, caller: &Caller, id: &str, event: &str, times: usize) -> Value {
    hub.until(&format!("{event} happened to {id} {times} times"), || async {
        let report = hub.report(caller, id).await;
        let seen = events(&report).iter().filter(|seen| *seen == event).count();
        if seen >= times { Ok(report) } else { Err(report.to_string()) }
    })
    .await
}

/// What happened to an engagement, in order.
pub(crate) fn events(report: &Value) -> Vec<String> {
    let history = report["history"].as_array().expect("a history");
    history.iter().map(|entry| entry["event_type"].as_str().expect("a word").to_owned()).collect()
}

/// What has left the hub, all of it.
pub(crate) async fn all_messages(hub: &TestHub) -> Vec<Value> {
    hub.messages("limit=100000").await
}

/// Whether exactly one message has left for this engagement, by one attempt that was made once.
pub(crate) async fn assert_left_once(hub: &TestHub, id: &str) {
    let left = hub.messages(&format!("engagement_id={id}")).await;
    let times: Vec<_> = left.iter().map(|message| message["times_sent"].as_u64()).collect();
    assert_eq!(times, [Some(1)], "{left:?}");
}

/// Every engagement of a domain, newest first.
pub(crate) async fn engagements(hub: &TestHub, caller: &Caller) -> Vec<Value> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/integration/engagements?domain_name={}&limit=100{cursor}", caller.domain_name);
        let page = hub.get(caller, &path).await.expect(200);
        found.extend(page["engagements"].as_array().expect("engagements").clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

/// All engagements of a domain as soon as each has come to its end.
pub(crate) async fn until_all_ended(hub: &TestHub, caller: &Caller) -> Vec<Value> {
    hub.until("every engagement has ended", || async {
        let all = engagements(hub, caller).await;
        let ended = |one: &&Value| ["Completed", "Failed", "Cancelled"].iter().any(|word| one["status"] == *word);
        match all.iter().find(|one| !ended(one)) {
            None => Ok(all),
            Some(open) => Err(open.to_string()),
        }
    })
    .await
}

/// How many of these engagements have this status.
pub(crate) fn count(engagements: &[Value], status: &str) -> usize {
    engagements.iter().filter(|one| one["status"] == status).count()
}
