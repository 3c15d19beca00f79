use serde_json::{Value, json};

use super::*;
use crate::testing::{FakeAws, Says, client};

fn queues(fake: &FakeAws) -> Queues {
    let url = |name: &str| format!("https://sqs.us-east-1.amazonaws.com/1/{name}");
    let urls = QueueUrls {
        send_email: url("email"),
        send_message: url("message"),
        place_call: url("call"),
        deliver_webhook: url("webhook"),
        release_batch: url("batch"),
    };
    Queues::new(client!(aws_sdk_sqs, fake), urls)
}

fn messages(count: usize) -> Vec<QueueMessage> {
    let acme = "acme".parse().unwrap();
    let message = |number| QueueMessage::new(&json!({"n": number}), &acme, SignedDuration::ZERO).unwrap();
    (0..count).map(message).collect()
}

/// An answer to a batch in which these entries failed.
fn answer(failed: &[usize]) -> Says {
    let failed: Vec<_> = failed
        .iter()
        .map(|index| json!({"Id": index.to_string(), "SenderFault": false, "Code": "Internal", "Message": "no"}))
        .collect();
    Says::Answer(200, "", json!({"Successful": [], "Failed": failed}))
}

#[test]
fn a_delay_is_whole_seconds_rounded_up_and_at_most_a_quarter_of_an_hour() {
    for (ms, seconds) in [(-5_000, 0), (-1, 0), (0, 0), (1, 1), (1_000, 1), (1_001, 2), (900_000, 900), (900_001, 900)]
    {
        assert_eq!(delay_seconds(SignedDuration::from_millis(ms)), seconds, "{ms}");
    }
    assert_eq!(delay_seconds(SignedDuration::MAX), 900);
}

#[tokio::test]
async fn a_message_carries_its_tenant_and_its_delay() {
    let fake = FakeAws::that_says([Says::Answer(200, "", json!({"MessageId": "m"}))]);
    let (body, acme) = (json!({"a": 1}), "acme".parse().unwrap());
    let delay = SignedDuration::from_millis(2_500);
    queues(&fake).send(Queue::of(Channel::Wvoice), &body, &acme, delay).await.unwrap();
    let expected = json!({
        "QueueUrl": "https://sqs.us-east-1.amazonaws.com/1/call",
        "MessageBody": "{\"a\":1}",
        "MessageGroupId": "acme",
        "DelaySeconds": 3,
    });
    assert_eq!(fake.asked(), [expected]);
}

#[tokio::test]
async fn many_messages_go_ten_at_a_time_and_those_that_failed_are_named() {
    let fake = FakeAws::that_says([answer(&[]), answer(&[13]), answer(&[])]);
    let error = queues(&fake).send_all(Queue::SendEmail, &messages(23)).await.unwrap_err();
    assert_eq!(error.to_string(), "the queue did not take 1 of 23 messages: no");
    assert_eq!(error.unsent[0].index, 13);
    let sizes: Vec<_> = fake.asked().iter().map(|body| body["Entries"].as_array().map_or(0, Vec::len)).collect();
    assert_eq!(sizes, [10, 10, 3]);
    let last: &Value = &fake.asked()[2]["Entries"][2];
    assert_eq!((&last["Id"], &last["MessageBody"]), (&json!("22"), &json!("{\"n\":22}")));
}

#[tokio::test]
async fn a_batch_that_is_refused_fails_whole_and_alone() {
    let refused = Says::Answer(400, "QueueDoesNotExist", json!({"message": "gone"}));
    let fake = FakeAws::that_says([refused, answer(&[])]);
    let error = queues(&fake).send_all(Queue::SendEmail, &messages(12)).await.unwrap_err();
    let indexes: Vec<_> = error.unsent.iter().map(|unsent| unsent.index).collect();
    assert_eq!(indexes, (0..10).collect::<Vec<_>>());
    assert!(error.unsent[0].reason.contains("gone"), "{error}");
}

#[tokio::test]
async fn no_messages_are_no_call() {
    let fake = FakeAws::that_says([]);
    queues(&fake).send_all(Queue::SendEmail, &[]).await.unwrap();
    assert!(fake.asked().is_empty());
}
