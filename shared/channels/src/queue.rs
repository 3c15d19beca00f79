//! Puts work into the queues, the fast path to what is due. What is lost here the tick finds.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::BuildError;
use aws_sdk_sqs::types::{BatchResultErrorEntry, SendMessageBatchRequestEntry};
use futures::{StreamExt, stream};
use hub_models::channel::Channel;
use hub_models::domain::DomainName;
use jiff::SignedDuration;
use serde::Serialize;

use crate::aws::words;

/// The longest that SQS holds a message back.
const LONGEST_DELAY: i64 = 900;

/// How many messages SQS takes at once.
const BATCH: usize = 10;

/// How many batches are on their way at once.
const AT_ONCE: usize = 16;

/// The queues, one for each kind of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Queue {
    /// Emails to send.
    SendEmail,
    /// Text and WhatsApp messages to send.
    SendMessage,
    /// Calls to place.
    PlaceCall,
    /// Webhooks to deliver.
    DeliverWebhook,
    /// Batches to take further.
    ReleaseBatch,
}

impl Queue {
    /// The queue of a channel's engagements.
    #[must_use]
    pub const fn of(channel: Channel) -> Self {
        match channel {
            Channel::Email => Self::SendEmail,
            Channel::Sms | Channel::Wmsg => Self::SendMessage,
            Channel::Phone | Channel::Wvoice => Self::PlaceCall,
        }
    }

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SendEmail => "send-email",
            Self::SendMessage => "send-message",
            Self::PlaceCall => "place-call",
            Self::DeliverWebhook => "deliver-webhook",
            Self::ReleaseBatch => "release-batch",
        }
    }
}

/// Where the queues are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueUrls {
    /// [`Queue::SendEmail`]
    pub send_email: String,
    /// [`Queue::SendMessage`]
    pub send_message: String,
    /// [`Queue::PlaceCall`]
    pub place_call: String,
    /// [`Queue::DeliverWebhook`]
    pub deliver_webhook: String,
    /// [`Queue::ReleaseBatch`]
    pub release_batch: String,
}

impl QueueUrls {
    /// The URL of a queue.
    #[must_use]
    pub fn url(&self, queue: Queue) -> &str {
        match queue {
            Queue::SendEmail => &self.send_email,
            Queue::SendMessage => &self.send_message,
            Queue::PlaceCall => &self.place_call,
            Queue::DeliverWebhook => &self.deliver_webhook,
            Queue::ReleaseBatch => &self.release_batch,
        }
    }
}

/// A message that waits to be put into a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueMessage {
    body: String,
    group: String,
    delay_seconds: i32,
}

impl QueueMessage {
    /// A message of this body, which a consumer sees after `delay`, 15 minutes at most. The queues are shared fairly
    /// between groups, so that one tenant's campaign does not hold up another's.
    ///
    /// # Errors
    /// When the body cannot be written as JSON.
    pub fn new(body: &impl Serialize, group: &DomainName, delay: SignedDuration) -> Result<Self, QueueError> {
        let body = serde_json::to_string(body).map_err(|error| QueueError::Body(error.to_string()))?;
        Ok(Self { body, group: group.to_string(), delay_seconds: delay_seconds(delay) })
    }

    fn entry(&self, index: usize) -> Result<SendMessageBatchRequestEntry, BuildError> {
        SendMessageBatchRequestEntry::builder()
            .id(index.to_string())
            .message_body(&self.body)
            .message_group_id(&self.group)
            .delay_seconds(self.delay_seconds)
            .build()
    }
}

/// Whole seconds within what SQS allows. Rounded up: what comes early is not due yet.
fn delay_seconds(delay: SignedDuration) -> i32 {
    let started = i64::from(delay.subsec_nanos() > 0);
    let seconds = delay.as_secs().saturating_add(started).clamp(0, LONGEST_DELAY);
    i32::try_from(seconds).unwrap_or(0)
}

/// Why a message is not in its queue.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueueError {
    /// It cannot be written as JSON.
    #[error("the message cannot be written as JSON: {0}")]
    Body(String),
    /// The queue did not take it.
    #[error("the queue did not take the message: {0}")]
    NotTaken(String),
}

/// Messages that are not in their queue, though others of the same call are.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the queue did not take {} of {of} messages: {}", unsent.len(), first(unsent))]
pub struct NotAllSent {
    /// How many there were.
    pub of: usize,
    /// Those that were not taken.
    pub unsent: Vec<Unsent>,
}

/// A message that a queue did not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsent {
    /// Its place among those that were to be sent.
    pub index: usize,
    /// Why.
    pub reason: String,
}

fn first(unsent: &[Unsent]) -> &str {
    unsent.first().map_or("", |unsent| unsent.reason.as_str())
}

/// Puts messages into the queues.
#[derive(Clone, Debug)]
pub struct Queues {
    client: Client,
    urls: QueueUrls,
}

impl Queues {
    /// The queues at these URLs.
    #[must_use]
    pub fn new(client: Client, urls: QueueUrls) -> Self {
        Self { client, urls }
    }

    /// Puts one message into a queue. A lost answer makes the SDK send it again: a consumer claims before it acts,
    /// so a message that comes twice does no harm.
    ///
    /// # Errors
    /// When the queue does not take it.
    pub async fn send(
        &self,
        queue: Queue,
        body: &impl Serialize,
        group: &DomainName,
        delay: SignedDuration,
    ) -> Result<(), QueueError> {
        let message = QueueMessage::new(body, group, delay)?;
        let request = self
            .client
            .send_message()
            .queue_url(self.urls.url(queue))
            .message_body(message.body)
            .message_group_id(message.group)
            .delay_seconds(message.delay_seconds);
        let sent = request.send().await;
        sent.map(drop).map_err(|error| QueueError::NotTaken(words(&error)))
    }

    /// Puts many messages into a queue, ten to a call and several calls at once.
    ///
    /// # Errors
    /// When some are not taken; it names them, and all others are in the queue.
    pub async fn send_all(&self, queue: Queue, messages: &[QueueMessage]) -> Result<(), NotAllSent> {
        let batches = messages.chunks(BATCH).enumerate();
        let calls: Vec<_> = batches.map(|(number, batch)| self.send_batch(queue, number * BATCH, batch)).collect();
        let mut unsent: Vec<_> = stream::iter(calls).buffer_unordered(AT_ONCE).concat().await;
        if unsent.is_empty() {
            return Ok(());
        }
        unsent.sort_by_key(|unsent| unsent.index);
        let of = messages.len();
        Err(NotAllSent { of, unsent })
    }

    /// Sends up to ten messages, the first of which is number `from`, and gives those that were not taken.
    async fn send_batch(&self, queue: Queue, from: usize, batch: &[QueueMessage]) -> Vec<Unsent> {
        let numbered = batch.iter().enumerate();
        let entries: Result<Vec<_>, _> = numbered.map(|(index, message)| message.entry(from + index)).collect();
        let entries = match entries {
            Ok(entries) => entries,
            Err(error) => return all_unsent(from, batch.len(), &error.to_string()),
        };
        let request = self.client.send_message_batch().queue_url(self.urls.url(queue)).set_entries(Some(entries));
        match request.send().await {
            Ok(answer) => answer.failed.iter().filter_map(unsent).collect(),
            Err(error) => all_unsent(from, batch.len(), &words(&error)),
        }
    }
}

fn all_unsent(from: usize, count: usize, reason: &str) -> Vec<Unsent> {
    let unsent = |index| Unsent { index, reason: reason.to_owned() };
    (from..from + count).map(unsent).collect()
}

fn unsent(failed: &BatchResultErrorEntry) -> Option<Unsent> {
    Some(Unsent {
        index: failed.id.parse().ok()?,
        reason: failed.message.clone().unwrap_or_else(|| failed.code.clone()),
    })
}

#[cfg(test)]
mod tests;
