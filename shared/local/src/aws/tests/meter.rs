use std::time::Duration;

use super::{ACCOUNTS, ENGAGEMENTS, Kind, Local, Rule, Service, item};

#[tokio::test]
async fn the_meter_counts_calls_and_what_they_cost() {
    let local = Local::start();
    let engagement = item(&[("pk", "E"), ("sk", "META"), ("due_shard", "s00"), ("due_at", "x")]);
    local.dynamodb.put_item().table_name(ENGAGEMENTS).set_item(Some(engagement)).send().await.unwrap();
    let key = item(&[("pk", "A"), ("sk", "A")]);
    local.dynamodb.get_item().table_name(ACCOUNTS).set_key(Some(key)).send().await.unwrap();
    let url = local.aws.queue_url("send-email");
    local.sqs.send_message().queue_url(url).message_body("x").send().await.unwrap();

    let counted = local.aws.meter().reset();
    assert_eq!(counted.calls(Service::DynamoDb, "PutItem"), 1);
    assert_eq!(counted.calls(Service::Sqs, "SendMessage"), 1);
    assert_eq!(counted.total_calls(), 3);
    assert_eq!(counted.depth, 3);
    // The item itself and its place in one index.
    assert_eq!(counted.tables[ENGAGEMENTS].write, 2.0);
    assert_eq!(counted.tables[ACCOUNTS].read, 0.5);
    assert_eq!(counted.units().write, 2.0);
    let shown = counted.to_string();
    assert!(
        shown.contains("PutItem") && shown.contains("table engagements: 0.0 read units, 2.0 write units"),
        "{shown}"
    );
    assert_eq!(local.aws.meter().snapshot().total_calls(), 0);
}

#[tokio::test]
async fn the_meter_counts_failures() {
    let local = Local::start();
    let put = local.dynamodb.put_item().table_name("nonsense").set_item(Some(item(&[("pk", "E")])));
    put.send().await.unwrap_err();
    let counted = local.aws.meter().snapshot();
    assert_eq!(counted.operations.values().next().unwrap().failed, 1);
}

#[tokio::test]
async fn calls_at_the_same_time_are_one_deep() {
    let local = Local::start();
    local.aws.faults().inject(Rule::new(Kind::Latency(Duration::from_millis(100))));
    let read = |pk: &'static str| {
        let key = item(&[("pk", pk), ("sk", "A")]);
        local.dynamodb.get_item().table_name(ACCOUNTS).set_key(Some(key)).send()
    };
    let (first, second, third) = tokio::join!(read("A"), read("B"), read("C"));
    first.and(second).and(third).unwrap();
    read("D").await.unwrap();
    let counted = local.aws.meter().snapshot();
    assert_eq!((counted.total_calls(), counted.depth), (4, 2));
}
