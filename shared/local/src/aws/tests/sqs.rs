use std::time::Duration;

use aws_sdk_sqs::error::SdkError;
use aws_sdk_sqs::operation::delete_message::DeleteMessageError;
use aws_sdk_sqs::types::{
    DeleteMessageBatchRequestEntry, Message, MessageAttributeValue, MessageSystemAttributeName, QueueAttributeName,
    SendMessageBatchRequestEntry,
};

use super::{Counts, Local};

const QUEUE: &str = "send-email";
const DEAD: &str = "send-email-dlq";

impl Local {
    async fn say(&self, body: &str) {
        self.say_later(body, 0).await;
    }

    async fn say_later(&self, body: &str, delay: i32) {
        let url = self.aws.queue_url(QUEUE);
        self.sqs.send_message().queue_url(url).message_body(body).delay_seconds(delay).send().await.unwrap();
    }

    async fn say_for(&self, group: &str, body: &str) {
        let url = self.aws.queue_url(QUEUE);
        self.sqs.send_message().queue_url(url).message_body(body).message_group_id(group).send().await.unwrap();
    }

    async fn hear(&self, queue: &str, most: i32) -> Vec<Message> {
        let request = self.sqs.receive_message().queue_url(self.aws.queue_url(queue)).max_number_of_messages(most);
        let request = request.message_system_attribute_names(MessageSystemAttributeName::All);
        request.send().await.unwrap().messages.unwrap_or_default()
    }

    async fn forget(&self, message: &Message) -> Result<(), SdkError<DeleteMessageError>> {
        let request = self.sqs.delete_message().queue_url(self.aws.queue_url(QUEUE));
        request.set_receipt_handle(message.receipt_handle.clone()).send().await.map(|_| ())
    }
}

fn bodies(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|message| message.body().unwrap()).collect()
}

fn receives(message: &Message) -> &str {
    &message.attributes().unwrap()[&MessageSystemAttributeName::ApproximateReceiveCount]
}

#[tokio::test]
async fn a_received_message_is_hidden_until_its_time_is_over() {
    let local = Local::start();
    local.say("hello").await;
    assert_eq!(bodies(&local.hear(QUEUE, 10).await), ["hello"]);
    local.advance(179);
    assert!(local.hear(QUEUE, 10).await.is_empty());
    local.advance(2);
    let again = local.hear(QUEUE, 10).await;
    assert_eq!(bodies(&again), ["hello"]);
    assert_eq!(receives(&again[0]), "2");
}

#[tokio::test]
async fn a_deleted_message_does_not_come_again() {
    let local = Local::start();
    local.say("hello").await;
    let received = local.hear(QUEUE, 1).await;
    local.forget(&received[0]).await.unwrap();
    local.forget(&received[0]).await.expect("deleting twice is no error on AWS");
    local.advance(200);
    assert!(local.hear(QUEUE, 1).await.is_empty());
    assert_eq!(local.aws.counts(QUEUE).unwrap(), Counts::default());
}

#[tokio::test]
async fn a_delayed_message_is_seen_only_when_its_time_has_come() {
    let local = Local::start();
    local.say_later("later", 60).await;
    assert!(local.hear(QUEUE, 1).await.is_empty());
    assert_eq!(local.aws.counts(QUEUE).unwrap(), Counts { delayed: 1, ..Counts::default() });
    local.advance(61);
    assert_eq!(bodies(&local.hear(QUEUE, 1).await), ["later"]);
}

#[tokio::test]
async fn a_waiting_receiver_gets_a_message_that_is_sent_meanwhile() {
    let local = Local::start();
    let waiting = local.sqs.receive_message().queue_url(local.aws.queue_url(QUEUE)).wait_time_seconds(20).send();
    let (received, ()) = tokio::join!(waiting, async {
        tokio::task::yield_now().await;
        local.say("hello").await;
    });
    assert_eq!(bodies(received.unwrap().messages()), ["hello"]);
}

#[tokio::test]
async fn a_waiting_receiver_notices_that_the_clock_was_moved() {
    let local = Local::start();
    local.say_later("later", 600).await;
    let waiting = local.sqs.receive_message().queue_url(local.aws.queue_url(QUEUE)).wait_time_seconds(20).send();
    let (received, ()) = tokio::join!(waiting, async {
        tokio::task::yield_now().await;
        local.advance(601);
    });
    assert_eq!(bodies(received.unwrap().messages()), ["later"]);
}

#[tokio::test(start_paused = true)]
async fn a_receiver_waits_no_longer_than_it_asked_to() {
    let local = Local::start();
    let begun = tokio::time::Instant::now();
    let waiting = local.sqs.receive_message().queue_url(local.aws.queue_url(QUEUE)).wait_time_seconds(3).send();
    assert!(waiting.await.unwrap().messages().is_empty());
    assert!((Duration::from_secs(3)..Duration::from_secs(4)).contains(&begun.elapsed()));
}

#[tokio::test]
async fn a_message_that_nobody_can_handle_goes_to_the_dead_letters() {
    let local = Local::start();
    local.say("poison").await;
    for round in 1..=5 {
        let received = local.hear(QUEUE, 10).await;
        assert_eq!(receives(&received[0]), round.to_string());
        local.advance(181);
    }
    assert!(local.hear(QUEUE, 10).await.is_empty());
    assert_eq!(local.aws.counts(QUEUE).unwrap().total(), 0);
    let dead = local.hear(DEAD, 10).await;
    assert_eq!(bodies(&dead), ["poison"]);
    let origin = &dead[0].attributes().unwrap()[&MessageSystemAttributeName::DeadLetterQueueSourceArn];
    assert!(origin.ends_with(":send-email"), "{origin}");
}

#[tokio::test]
async fn a_handle_is_worth_nothing_once_the_message_was_received_again() {
    let local = Local::start();
    local.say("hello").await;
    let first = local.hear(QUEUE, 1).await;
    local.advance(181);
    let second = local.hear(QUEUE, 1).await;
    let refused = local.forget(&first[0]).await.unwrap_err().into_service_error();
    assert!(refused.is_receipt_handle_is_invalid(), "{refused:?}");
    assert_eq!(local.aws.counts(QUEUE).unwrap().in_flight, 1);
    local.forget(&second[0]).await.unwrap();
    assert_eq!(local.aws.counts(QUEUE).unwrap().total(), 0);
}

#[tokio::test]
async fn a_handle_still_deletes_after_its_time_if_nobody_else_received_the_message() {
    let local = Local::start();
    local.say("hello").await;
    let received = local.hear(QUEUE, 1).await;
    local.advance(181);
    local.forget(&received[0]).await.unwrap();
    assert_eq!(local.aws.counts(QUEUE).unwrap().total(), 0);
}

#[tokio::test]
async fn a_receiver_may_shorten_or_lengthen_the_time_for_which_a_message_is_hidden() {
    let local = Local::start();
    local.say("hello").await;
    let received = local.hear(QUEUE, 1).await;
    let hide = |seconds| {
        let request = local.sqs.change_message_visibility().queue_url(local.aws.queue_url(QUEUE));
        request.set_receipt_handle(received[0].receipt_handle.clone()).visibility_timeout(seconds).send()
    };
    hide(600).await.unwrap();
    local.advance(500);
    assert!(local.hear(QUEUE, 1).await.is_empty());
    hide(0).await.unwrap();
    let refused = hide(10).await.unwrap_err().into_service_error();
    assert!(refused.is_message_not_inflight(), "{refused:?}");
    assert_eq!(bodies(&local.hear(QUEUE, 1).await), ["hello"]);
}

#[tokio::test]
async fn a_small_tenant_is_not_kept_waiting_by_a_large_one() {
    let local = Local::start();
    for number in 0..30 {
        local.say_for("large", &format!("large {number}")).await;
    }
    local.say_for("small", "small 0").await;
    local.say_for("small", "small 1").await;
    let busy = local.hear(QUEUE, 1).await;
    assert_eq!(bodies(&busy), ["large 0"]);
    assert_eq!(bodies(&local.hear(QUEUE, 3).await), ["small 0", "large 1", "small 1"]);
    assert_eq!(bodies(&local.hear(QUEUE, 2).await), ["large 2", "large 3"]);
}

#[tokio::test]
async fn messages_come_in_the_order_in_which_they_were_sent() {
    let local = Local::start();
    for number in 0..5 {
        local.say(&number.to_string()).await;
    }
    assert_eq!(bodies(&local.hear(QUEUE, 10).await), ["0", "1", "2", "3", "4"]);
}

#[tokio::test]
async fn a_batch_fails_only_where_it_is_wrong() {
    let local = Local::start();
    let entry = |id: &str, delay| {
        let entry = SendMessageBatchRequestEntry::builder().id(id).message_body(id).delay_seconds(delay);
        entry.build().unwrap()
    };
    let batch = local.sqs.send_message_batch().queue_url(local.aws.queue_url(QUEUE));
    let sent = batch.entries(entry("good", 0)).entries(entry("bad", 901)).send().await.unwrap();
    assert_eq!(sent.successful()[0].id(), "good");
    assert_eq!(sent.failed()[0].id(), "bad");
    assert_eq!(sent.failed()[0].code(), "InvalidParameterValue");

    let received = local.hear(QUEUE, 10).await;
    assert_eq!(bodies(&received), ["good"]);
    let entry = |id: &str, handle: &str| {
        DeleteMessageBatchRequestEntry::builder().id(id).receipt_handle(handle).build().unwrap()
    };
    let batch = local.sqs.delete_message_batch().queue_url(local.aws.queue_url(QUEUE));
    let handle = received[0].receipt_handle().unwrap();
    let deleted = batch.entries(entry("1", handle)).entries(entry("2", "nonsense")).send().await.unwrap();
    assert_eq!(deleted.successful().len(), 1);
    assert_eq!(deleted.failed()[0].code(), "ReceiptHandleIsInvalid");
}

#[tokio::test]
async fn a_batch_must_be_well_formed() {
    let local = Local::start();
    let entry =
        |id: usize| SendMessageBatchRequestEntry::builder().id(id.to_string()).message_body("hello").build().unwrap();
    let batch = |entries: Vec<_>| {
        let batch = local.sqs.send_message_batch().queue_url(local.aws.queue_url(QUEUE));
        batch.set_entries(Some(entries)).send()
    };
    let error = batch((0..11).map(entry).collect()).await.unwrap_err().into_service_error();
    assert!(error.is_too_many_entries_in_batch_request(), "{error:?}");
    let error = batch(vec![entry(1), entry(1)]).await.unwrap_err().into_service_error();
    assert!(error.is_batch_entry_ids_not_distinct(), "{error:?}");
    assert_eq!(local.aws.counts(QUEUE).unwrap().total(), 0);
}

#[tokio::test]
async fn a_queue_that_is_not_declared_does_not_exist() {
    let local = Local::start();
    let error = local.sqs.get_queue_url().queue_name("nonsense").send().await.unwrap_err().into_service_error();
    assert!(error.is_queue_does_not_exist(), "{error:?}");
    let url = local.aws.queue_url("nonsense");
    let error = local.sqs.send_message().queue_url(url).message_body("x").send().await.unwrap_err();
    assert!(error.into_service_error().is_queue_does_not_exist());
}

#[tokio::test]
async fn a_queue_tells_how_many_messages_it_holds() {
    let local = Local::start();
    local.say("in flight").await;
    local.hear(QUEUE, 1).await;
    local.say("visible").await;
    local.say_later("delayed", 5).await;
    let request = local.sqs.get_queue_attributes().queue_url(local.aws.queue_url(QUEUE));
    let answer = request.attribute_names(QueueAttributeName::All).send().await.unwrap();
    let attributes = answer.attributes().unwrap();
    for name in [
        QueueAttributeName::ApproximateNumberOfMessages,
        QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
        QueueAttributeName::ApproximateNumberOfMessagesDelayed,
    ] {
        assert_eq!(attributes[&name], "1", "{name}");
    }
    assert!(attributes[&QueueAttributeName::RedrivePolicy].contains(DEAD));
    local.sqs.purge_queue().queue_url(local.aws.queue_url(QUEUE)).send().await.unwrap();
    assert_eq!(local.aws.counts(QUEUE).unwrap().total(), 0);
}

#[tokio::test]
async fn the_attributes_of_a_message_come_with_it_if_asked_for() {
    let local = Local::start();
    let kind = MessageAttributeValue::builder().data_type("String").string_value("retry").build().unwrap();
    let url = local.aws.queue_url(QUEUE);
    local.sqs.send_message().queue_url(&url).message_body("x").message_attributes("kind", kind).send().await.unwrap();
    let received = local.sqs.receive_message().queue_url(&url).message_attribute_names("All").send().await.unwrap();
    let attributes = received.messages()[0].message_attributes().unwrap();
    assert_eq!(attributes["kind"].string_value(), Some("retry"));
    assert_eq!(received.messages()[0].attributes(), None);
}

#[tokio::test]
async fn two_receivers_never_get_the_same_message() {
    let local = Local::start();
    for number in 0..40 {
        local.say(&number.to_string()).await;
    }
    let rounds = futures::future::join_all((0..8).map(|_| local.hear(QUEUE, 5))).await;
    let mut heard: Vec<_> = rounds.iter().flat_map(|round| bodies(round)).collect();
    heard.sort_unstable();
    heard.dedup();
    assert_eq!(heard.len(), 40);
}

#[tokio::test]
async fn messages_are_there_after_a_restart() {
    let local = Local::start();
    local.say("in flight").await;
    local.hear(QUEUE, 1).await;
    local.say("waiting").await;
    let local = local.restart();
    // Whoever had received one was the process that has ended, so nobody is working on it any more.
    assert_eq!(local.aws.counts(QUEUE).unwrap(), Counts { visible: 2, in_flight: 0, delayed: 0 });
    assert_eq!(local.hear(QUEUE, 10).await.len(), 2);
}
