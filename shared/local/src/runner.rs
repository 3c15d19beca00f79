//! What wakes functions on AWS, in this process: pollers bring queue messages, and a timer ticks each second.

use std::sync::Arc;
use std::time::Duration;

use aws_lambda_events::sqs::{SqsEvent, SqsMessage};
use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::DisplayErrorContext;
use aws_sdk_sqs::types::{ChangeMessageVisibilityBatchRequestEntry, DeleteMessageBatchRequestEntry, Message};
use hub_engagements::Hub;
use hub_runtime::{Schedule, Worker};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::aws::{Embedded, as_function};
use crate::functions;
use crate::in_flight::InFlight;

/// Batches of one queue that are worked on at once.
const BATCHES: usize = 8;

/// Webhooks wait for other people's servers, so many may wait at once.
const WEBHOOK_BATCHES: usize = 1_000;

/// How soon a message comes again that could not be done.
const COMES_AGAIN_SECONDS: i32 = 5;

const TICK: Duration = Duration::from_secs(1);

/// How often the tables forget what has expired, in ticks.
const SWEEP_EVERY: u32 = 600;

/// Runs every worker and schedule until `stop`.
pub(crate) fn run(
    hub: &Arc<Hub>,
    embedded: &Embedded,
    in_flight: &InFlight,
    tasks: &TaskTracker,
    stop: &CancellationToken,
) {
    let client = Client::new(&embedded.sdk_config());
    for worker in functions::workers() {
        let queue_url = embedded.queue_url(worker.queue);
        let poller = Poller {
            worker,
            queue_url,
            client: client.clone(),
            hub: Arc::clone(hub),
            in_flight: in_flight.clone(),
            tasks: tasks.clone(),
        };
        tasks.spawn(stop.clone().run_until_cancelled_owned(poller.run()));
    }
    for schedule in functions::schedules() {
        tasks.spawn(stop.clone().run_until_cancelled_owned(tick(schedule, Arc::clone(hub))));
    }
    tasks.spawn(stop.clone().run_until_cancelled_owned(sweep(embedded.clone())));
}

async fn tick(schedule: Schedule, hub: Arc<Hub>) {
    let mut interval = tokio::time::interval(TICK);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        if let Err(error) = as_function(schedule.function, schedule.tick(&hub)).await {
            tracing::error!(%error, "the tick failed; the next one does its work");
        }
    }
}

async fn sweep(embedded: Embedded) {
    loop {
        tokio::time::sleep(TICK * SWEEP_EVERY).await;
        if let Err(error) = embedded.sweep_expired().await {
            tracing::error!(%error, "what has expired was not forgotten");
        }
    }
}

/// Brings a worker the messages of its queue, as SQS does for Lambda.
struct Poller {
    worker: Worker,
    queue_url: String,
    client: Client,
    hub: Arc<Hub>,
    in_flight: InFlight,
    tasks: TaskTracker,
}

impl Poller {
    async fn run(self) {
        let batches = if self.worker.queue == "deliver-webhook" { WEBHOOK_BATCHES } else { BATCHES };
        let slots = Arc::new(Semaphore::new(batches));
        loop {
            let Ok(slot) = Arc::clone(&slots).acquire_owned().await else {
                return;
            };
            let messages = self.receive().await;
            if messages.is_empty() {
                continue;
            }
            self.in_flight.let_pass().await;
            let (worker, hub, client, url) =
                (self.worker, Arc::clone(&self.hub), self.client.clone(), self.queue_url.clone());
            self.tasks.spawn(async move {
                work(worker, &hub, &client, &url, messages).await;
                drop(slot);
            });
        }
    }

    async fn receive(&self) -> Vec<Message> {
        let receive = self.client.receive_message().queue_url(&self.queue_url).max_number_of_messages(10);
        match receive.wait_time_seconds(20).send().await {
            Ok(received) => received.messages.unwrap_or_default(),
            Err(error) => {
                let error = DisplayErrorContext(&error);
                tracing::error!(queue = self.worker.queue, %error, "nothing could be received");
                tokio::time::sleep(TICK).await;
                Vec::new()
            }
        }
    }
}

/// Has a batch done and deletes what was; the rest comes again.
async fn work(worker: Worker, hub: &Arc<Hub>, client: &Client, queue_url: &str, messages: Vec<Message>) {
    let mut event = SqsEvent::default();
    event.records = messages.iter().map(record).collect();
    let failed = as_function(worker.function, worker.batch(hub, event)).await.batch_item_failures;
    let (failed, done): (Vec<_>, Vec<_>) = messages.iter().partition(|message| {
        let id = message.message_id.as_deref();
        failed.iter().any(|failure| id == Some(failure.item_identifier.as_str()))
    });
    futures::join!(delete(worker, client, queue_url, &done), put_back(worker, client, queue_url, &failed));
}

async fn delete(worker: Worker, client: &Client, queue_url: &str, done: &[&Message]) {
    let entries: Vec<_> = done.iter().enumerate().filter_map(deletion).collect();
    if entries.is_empty() {
        return;
    }
    if let Err(error) = client.delete_message_batch().queue_url(queue_url).set_entries(Some(entries)).send().await {
        tracing::warn!(queue = worker.queue, %error, "done messages were not deleted and come again");
    }
}

/// Has what failed come again soon. A message that evidence is in must not wait for longer than evidence is awaited.
async fn put_back(worker: Worker, client: &Client, queue_url: &str, failed: &[&Message]) {
    let entries: Vec<_> = failed.iter().enumerate().filter_map(postponement).collect();
    if entries.is_empty() {
        return;
    }
    let put_back = client.change_message_visibility_batch().queue_url(queue_url);
    if let Err(error) = put_back.set_entries(Some(entries)).send().await {
        tracing::warn!(queue = worker.queue, %error, "failed messages come again later");
    }
}

fn record(message: &Message) -> SqsMessage {
    let mut record = SqsMessage::default();
    record.message_id = message.message_id.clone();
    record.receipt_handle = message.receipt_handle.clone();
    record.body = message.body.clone();
    record
}

fn postponement((number, message): (usize, &&Message)) -> Option<ChangeMessageVisibilityBatchRequestEntry> {
    ChangeMessageVisibilityBatchRequestEntry::builder()
        .id(number.to_string())
        .receipt_handle(message.receipt_handle.as_deref()?)
        .visibility_timeout(COMES_AGAIN_SECONDS)
        .build()
        .ok()
}

fn deletion((number, message): (usize, &&Message)) -> Option<DeleteMessageBatchRequestEntry> {
    let receipt = message.receipt_handle.as_deref()?;
    DeleteMessageBatchRequestEntry::builder().id(number.to_string()).receipt_handle(receipt).build().ok()
}
