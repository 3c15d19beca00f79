//! SQS: standard queues with dead-letter queues, on SQLite. What is answered is on disk.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use hub_models::clock::Clock;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::call::{Answer, Call, Failure};
use super::disk::Disk;
use super::messages::{self, Counts, Handle};
use super::queues::{self, MAX_RECEIVES, Queue, VISIBILITY_TIMEOUT};
use super::sqs_requests::{
    Batch, GetQueueAttributes, GetQueueUrl, HandleEntry, MAX_BATCH, MAX_BODY_BYTES, OneHandle, PurgeQueue,
    ReceiveMessage, SendEntry, SendMessage,
};

/// How often a waiting receiver looks again: a message becomes visible when the clock says so, and that may be moved.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

const MAX_VISIBILITY_SECONDS: i64 = 12 * 60 * 60;
const MAX_WAIT_SECONDS: u64 = 20;

/// A declared queue, and the bell that is rung when a message arrives in it.
#[derive(Debug)]
struct Open {
    queue: Queue,
    arrived: Notify,
}

/// The queues.
#[derive(Clone, Debug)]
pub(super) struct Sqs {
    disk: Disk,
    clock: Clock,
    queues: Arc<HashMap<String, Open>>,
}

impl Sqs {
    pub(super) fn new(disk: Disk, clock: Clock) -> Self {
        let open = |queue: Queue| (queue.name.clone(), Open { queue, arrived: Notify::new() });
        Self { disk, clock, queues: Arc::new(queues::all().map(open).collect()) }
    }

    pub(super) async fn answer(&self, call: &Call) -> Result<Answer, Failure> {
        let answer = match call.operation.as_str() {
            "SendMessage" => self.send(&call.json()?),
            "SendMessageBatch" => self.send_batch(&call.json()?),
            "ReceiveMessage" => self.receive(&call.json()?).await,
            "DeleteMessage" => self.delete(&call.json()?),
            "DeleteMessageBatch" => self.delete_batch(&call.json()?),
            "ChangeMessageVisibility" => self.change_visibility(&call.json()?),
            "ChangeMessageVisibilityBatch" => self.change_visibility_batch(&call.json()?),
            "GetQueueAttributes" => self.attributes(&call.json()?),
            "GetQueueUrl" => self.url(&call.json()?),
            "ListQueues" => Ok(self.list()),
            "PurgeQueue" => self.purge(&call.json()?),
            _ => Err(call.unknown()),
        };
        Answer::json(&answer?)
    }

    /// How many messages the queue `name` holds.
    pub(super) fn counts(&self, name: &str) -> Result<Counts, Failure> {
        let open = self.named(name)?;
        Ok(self.disk.with(|connection| messages::counts(connection, &open.queue.name, self.now()))?)
    }

    /// Tells whoever waits at the queue `name` that there is something to receive.
    pub(super) fn ring(&self, name: &str) {
        if let Some(open) = self.queues.get(name) {
            open.arrived.notify_waiters();
        }
    }

    fn now(&self) -> i64 {
        self.clock.now().as_millisecond()
    }

    fn named(&self, name: &str) -> Result<&Open, Failure> {
        self.queues.get(name).ok_or_else(|| {
            Failure::new("AWS.SimpleQueueService.NonExistentQueue", format!("The queue {name} does not exist."))
        })
    }

    fn at(&self, url: &str) -> Result<&Open, Failure> {
        self.named(url.rsplit('/').next().unwrap_or(url))
    }

    fn send(&self, request: &SendMessage) -> Result<Value, Failure> {
        let open = self.at(&request.queue_url)?;
        let message = request.message.checked()?;
        let name = &open.queue.name;
        let id = self.disk.with(|connection| messages::send(connection, name, &message, self.now()))?;
        open.arrived.notify_waiters();
        Ok(json!({ "MessageId": id }))
    }

    fn send_batch(&self, request: &Batch<SendEntry>) -> Result<Value, Failure> {
        let open = self.at(&request.queue_url)?;
        request.check()?;
        let bytes: usize = request.entries.iter().map(|entry| entry.message.message_body.len()).sum();
        if bytes > MAX_BODY_BYTES {
            return Err(Failure::new("AWS.SimpleQueueService.BatchRequestTooLong", "The batch is too long."));
        }
        let answer = self.disk.with(|connection| {
            let transaction = connection.transaction()?;
            let answer = request.each(|entry| {
                let message = entry.message.checked()?;
                let id = messages::send(&transaction, &open.queue.name, &message, self.now())?;
                Ok(json!({ "Id": entry.id, "MessageId": id }))
            });
            transaction.commit()?;
            Ok::<_, Failure>(answer)
        })?;
        open.arrived.notify_waiters();
        Ok(answer)
    }

    async fn receive(&self, request: &ReceiveMessage) -> Result<Value, Failure> {
        let open = self.at(&request.queue_url)?;
        let limit = request.max_number_of_messages.unwrap_or(1);
        let hidden_seconds = request.visibility_timeout.unwrap_or(VISIBILITY_TIMEOUT);
        if !(1..=MAX_BATCH).contains(&limit) {
            return Err(invalid("MaxNumberOfMessages must be between 1 and 10."));
        }
        check_visibility(hidden_seconds)?;
        let deadline = Instant::now() + Duration::from_secs(request.wait_time_seconds.min(MAX_WAIT_SECONDS));
        loop {
            let mut arrived = std::pin::pin!(open.arrived.notified());
            // Listening before looking, so that no message can come between the two.
            arrived.as_mut().enable();
            let received = self.disk.with(|connection| {
                messages::receive(connection, &open.queue, limit, hidden_seconds * 1000, self.now())
            })?;
            let left = deadline.saturating_duration_since(Instant::now());
            if !received.is_empty() || left.is_zero() {
                return Ok(request.answer(&received));
            }
            let _ = tokio::time::timeout(left.min(LOOK_AGAIN), arrived).await;
        }
    }

    fn delete(&self, request: &OneHandle) -> Result<Value, Failure> {
        let open = self.at(&request.queue_url)?;
        self.disk
            .with(|connection| deleted(messages::delete(connection, &open.queue.name, &request.receipt_handle)?))?;
        Ok(json!({}))
    }

    fn delete_batch(&self, request: &Batch<HandleEntry>) -> Result<Value, Failure> {
        let open = self.at(&request.queue_url)?;
        request.check()?;
        self.disk.with(|connection| {
            let transaction = connection.transaction()?;
            let answer = request.each(|entry| {
                deleted(messages::delete(&transaction, &open.queue.name, &entry.receipt_handle)?)?;
                Ok(json!({ "Id": entry.id }))
            });
            transaction.commit()?;
            Ok(answer)
        })
    }

    fn change_visibility(&self, request: &OneHandle) -> Result<Value, Failure> {
        let open = self.at(&request.queue_url)?;
        self.hide(&open.queue.name, &request.receipt_handle, request.visibility_timeout)?;
        open.arrived.notify_waiters();
        Ok(json!({}))
    }

    fn change_visibility_batch(&self, request: &Batch<HandleEntry>) -> Result<Value, Failure> {
        let open = self.at(&request.queue_url)?;
        request.check()?;
        let answer = request.each(|entry| {
            self.hide(&open.queue.name, &entry.receipt_handle, entry.visibility_timeout)?;
            Ok(json!({ "Id": entry.id }))
        });
        open.arrived.notify_waiters();
        Ok(answer)
    }

    fn hide(&self, queue: &str, handle: &str, seconds: i64) -> Result<(), Failure> {
        check_visibility(seconds)?;
        let standing =
            self.disk.with(|connection| messages::hide(connection, queue, handle, seconds * 1000, self.now()))?;
        match standing {
            Some(Handle::Valid) => Ok(()),
            Some(Handle::NotInFlight) => {
                Err(Failure::new("AWS.SimpleQueueService.MessageNotInflight", "The message is not in flight."))
            }
            Some(Handle::Gone) => Err(invalid("The message does not exist.")),
            Some(Handle::Stale) | None => Err(no_handle()),
        }
    }

    fn attributes(&self, request: &GetQueueAttributes) -> Result<Value, Failure> {
        let queue = &self.at(&request.queue_url)?.queue;
        let counts = self.counts(&queue.name)?;
        let mut all = BTreeMap::from([
            ("ApproximateNumberOfMessages", counts.visible.to_string()),
            ("ApproximateNumberOfMessagesNotVisible", counts.in_flight.to_string()),
            ("ApproximateNumberOfMessagesDelayed", counts.delayed.to_string()),
            ("QueueArn", queues::arn(&queue.name)),
            ("VisibilityTimeout", VISIBILITY_TIMEOUT.to_string()),
            ("DelaySeconds", "0".to_owned()),
            ("ReceiveMessageWaitTimeSeconds", "0".to_owned()),
        ]);
        if let Some(dead_letters) = &queue.dead_letters {
            let policy = json!({ "deadLetterTargetArn": queues::arn(dead_letters), "maxReceiveCount": MAX_RECEIVES });
            all.insert("RedrivePolicy", policy.to_string());
        }
        all.retain(|name, _| asked_for(&request.attribute_names, name));
        Ok(json!({ "Attributes": all }))
    }

    fn url(&self, request: &GetQueueUrl) -> Result<Value, Failure> {
        self.named(&request.queue_name)?;
        Ok(json!({ "QueueUrl": queues::url(&request.queue_name) }))
    }

    fn list(&self) -> Value {
        let mut urls: Vec<_> = self.queues.keys().map(|name| queues::url(name)).collect();
        urls.sort();
        json!({ "QueueUrls": urls })
    }

    fn purge(&self, request: &PurgeQueue) -> Result<Value, Failure> {
        let open = self.at(&request.queue_url)?;
        self.disk.with(|connection| messages::purge(connection, &open.queue.name))?;
        Ok(json!({}))
    }
}

/// What AWS says to a deletion. A message that is gone already counts as deleted.
fn deleted(standing: Option<Handle>) -> Result<(), Failure> {
    match standing {
        Some(Handle::Valid | Handle::Gone) => Ok(()),
        Some(Handle::Stale | Handle::NotInFlight) | None => Err(no_handle()),
    }
}

fn no_handle() -> Failure {
    Failure::new("ReceiptHandleIsInvalid", "The input receipt handle is invalid.")
}

pub(super) fn invalid(reason: &str) -> Failure {
    Failure::new("InvalidParameterValue", reason)
}

fn check_visibility(seconds: i64) -> Result<(), Failure> {
    match seconds {
        0..=MAX_VISIBILITY_SECONDS => Ok(()),
        _ => Err(invalid("VisibilityTimeout must be between 0 and 43200.")),
    }
}

pub(super) fn asked_for(names: &[String], name: &str) -> bool {
    names.iter().any(|asked| match asked.strip_suffix(".*") {
        Some(prefix) => name.starts_with(prefix),
        None => asked == "All" || asked == name,
    })
}
