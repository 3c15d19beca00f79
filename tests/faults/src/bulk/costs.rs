//! What a batch asks of AWS, so that it cannot become more unnoticed. `--nocapture` shows the figures.

use std::time::{Duration, Instant};

use hub_fixture::{Caller, TestHub};
use hub_local::aws::{Kind, Rule, Service, Snapshot};
use hub_models::batch::RowCounts;
use reqwest::Method;

use super::campaign::{address, emails, fast_hub, later, submitted, until_batch};
use crate::support::{email, seconds};

/// The calls of what was done, without those of the pollers and the ticks.
fn calls(snapshot: &Snapshot) -> u64 {
    let counted = |operation: &str| snapshot.calls(Service::DynamoDb, operation);
    let of_sqs = ["SendMessage", "SendMessageBatch"].map(|operation| snapshot.calls(Service::Sqs, operation));
    let of_dynamodb =
        ["GetItem", "BatchGetItem", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"];
    of_dynamodb.map(counted).iter().sum::<u64>() + of_sqs.iter().sum::<u64>()
}

/// The units without those of the ticks' looks.
fn units(snapshot: &Snapshot) -> (f64, f64) {
    let of = |names: &[&str]| -> f64 {
        let named = snapshot.operations.iter().filter(|(operation, _)| names.contains(&operation.name.as_str()));
        named.map(|(_, tally)| tally.units).sum()
    };
    let written = of(&["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"]);
    (of(&["GetItem", "BatchGetItem"]), written)
}

fn show(what: &str, snapshot: &Snapshot, took: Duration) {
    let (read, written) = units(snapshot);
    println!(
        "{what:<44} {:>6} calls, {:>3} deep, {read:>8.1} read units, {written:>8.1} write units, {took:.2?}",
        calls(snapshot),
        snapshot.depth
    );
}

/// Every call takes longer than it takes a busy machine to begin all that are meant to be at the same time; and ticks and the release
/// of the batch take longer than what is measured, so that they are not counted into it.
async fn with_latency(hub: &TestHub) {
    let faults = hub.local.embedded.faults();
    let long = Rule::new(Kind::Latency(Duration::from_secs(60)));
    let tick = long.clone().on(Service::DynamoDb, "Query").when(|body| body["IndexName"] == "due");
    let tick = faults.inject(tick);
    faults.inject(long.on(Service::DynamoDb, "GetItem").when(|body| body["Key"]["sk"]["S"] == "BATCH"));
    faults.inject(Rule::new(Kind::Latency(Duration::from_secs(1))).service(Service::DynamoDb));
    hub.until("a tick is in the middle of its sixteen looks", || async {
        if tick.hits() >= 16 { Ok(()) } else { Err(tick.hits().to_string()) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_rows_are_accepted_by_some_sixty_calls_four_deep() {
    let (hub, acme) = fast_hub().await;
    let warm = submitted(&hub, &acme, emails(1)).await;
    until_batch(&hub, &acme, &warm, "Completed").await;
    hub.until_quiet().await;
    with_latency(&hub).await;
    // For later, so that nothing but the submit is counted.
    let rows = later(&hub, 3_600, emails(1_000));
    hub.local.embedded.meter().reset();
    let began = Instant::now();
    submitted(&hub, &acme, rows).await;
    let accepted = hub.local.embedded.meter().reset();
    show("accept 1,000 emails", &accepted, began.elapsed());
    // The reads of the do-not-contact list, with the balance and the draft; the rows; the commit; the message, whose reader
    // may have begun to look at the batch.
    let of =
        ["BatchGetItem", "BatchWriteItem", "TransactWriteItems"].map(|name| accepted.calls(Service::DynamoDb, name));
    assert_eq!((of, accepted.depth), ([10, 40, 1], 4), "{accepted}");
    assert!(calls(&accepted) <= 55, "{accepted}");
    let (_, written) = units(&accepted);
    assert!(written <= 1_050.0, "{accepted}");
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_rows_are_accepted_by_a_call_for_twenty_and_shown_by_two() {
    let (hub, acme) = fast_hub().await;
    let lines = (1..=10_000).map(|number| format!("{},Say hello.\r\n", address(number)));
    let file: String = ["email,instruction\r\n".to_owned()].into_iter().chain(lines).collect();
    let time = (hub.clock.now() + seconds(3_600)).to_string();
    let fields = [("domain_name", "acme"), ("channel", "email"), ("scheduled_time", &time)];
    let form = fields.map(|(name, value)| part(&format!("name=\"{name}\""), value)).concat()
        + &part("name=\"file\"; filename=\"all.csv\"", &file)
        + "--end--\r\n";
    hub.local.embedded.meter().reset();
    let began = Instant::now();
    let request = hub.request(Method::POST, "/bulk-calls/upload").bearer_auth(&acme.api_key).body(form);
    let request = request.header("Content-Type", "multipart/form-data; boundary=end");
    let batch = hub.send(request).await.expect(200);
    let accepted = hub.local.embedded.meter().reset();
    show("accept 10,000 emails", &accepted, began.elapsed());
    assert!(calls(&accepted) <= 560, "{accepted}");
    let path = format!("/bulk-calls/batches/{}", batch["batch_id"].as_str().expect("an id"));
    hub.until_quiet().await;
    let shown = hub
        .until("it is shown with one read, while no tick looks and the key is known", || async {
            hub.local.embedded.meter().reset();
            hub.get(&acme, &path).await.expect(200);
            let shown = hub.local.embedded.meter().reset();
            let reads = (shown.calls(Service::DynamoDb, "Query"), calls(&shown));
            if reads == (1, 1) { Ok(shown) } else { Err(shown.to_string()) }
        })
        .await;
    show("show it with a page of rows", &shown, Duration::ZERO);
    assert!(shown.operations.values().map(|tally| tally.units).sum::<f64>() <= 60.0, "{shown}");
}

/// A part of a form.
fn part(disposition: &str, value: &str) -> String {
    format!("--end\r\nContent-Disposition: form-data; {disposition}\r\n\r\n{value}\r\n")
}

/// Where the rows of a batch stand, looked up by one query that is not counted here.
async fn counts(hub: &TestHub, batch: &str) -> RowCounts {
    let id = batch.parse().expect("a batch id");
    let counted = hub.local.hub.store.counted_batch(id).await.expect("the table is read").expect("it is there");
    counted.batch.counts(&counted.tally)
}

/// Two emails of a batch at two times, of which the first has just been let go; and what letting it go came to.
async fn with_one_let_go(hub: &TestHub, acme: &Caller) -> (String, Snapshot) {
    let rows = [later(hub, 600, emails(1)), later(hub, 7_200, emails(2).split_off(1))].concat();
    let batch = submitted(hub, acme, rows).await;
    hub.until_quiet().await;
    hub.local.embedded.meter().reset();
    hub.advance(seconds(575));
    hub.until("the first row is let go", || async {
        let counts = counts(hub, &batch).await;
        if counts.waiting == 1 { Ok(()) } else { Err(format!("{counts:?}")) }
    })
    .await;
    hub.until_quiet().await;
    (batch, hub.local.embedded.meter().reset())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_is_let_go_by_one_write_and_sent_by_as_many_calls_as_any_email() {
    let (hub, acme) = fast_hub().await;
    // An event that is faster than the record of what it proves would change the count.
    let events = Rule::new(Kind::Latency(Duration::from_millis(300))).on(Service::DynamoDb, "GetItem");
    hub.local.embedded.faults().inject(events.when(|body| body["Key"]["sk"]["S"] == "META"));
    let warm = submitted(&hub, &acme, emails(1)).await;
    until_batch(&hub, &acme, &warm, "Completed").await;
    let (batch, let_go) = with_one_let_go(&hub, &acme).await;
    show("let the first of two rows go", &let_go, Duration::ZERO);
    // The tick puts the batch off; the batch, its rows; the row, its message; the batch.
    assert_eq!(let_go.calls(Service::DynamoDb, "BatchGetItem"), 1);
    assert_eq!((let_go.calls(Service::DynamoDb, "PutItem"), let_go.calls(Service::Sqs, "SendMessageBatch")), (2, 1));
    let other = hub.started(&acme, email()).await;
    hub.until_status(&acme, &other, "Completed").await;
    hub.until_quiet().await;
    hub.local.embedded.meter().reset();
    hub.advance(seconds(26));
    hub.until("it has left", || async {
        let counts = counts(&hub, &batch).await;
        if counts.completed == 1 { Ok(()) } else { Err(format!("{counts:?}")) }
    })
    .await;
    hub.until_quiet().await;
    let sent = hub.local.embedded.meter().reset();
    show("send it (with 2 events)", &sent, Duration::ZERO);
    // Claim; batch, do-not-contact, and a look at the engagement for Send and Delivery; the record with the count.
    let of = |operation: &str| sent.calls(Service::DynamoDb, operation);
    assert_eq!((of("UpdateItem"), of("GetItem"), of("TransactWriteItems"), of("PutItem")), (1, 2 + 2, 1, 0), "{sent}");
}
