//! What SQS is asked, as it stands on the wire, and what that takes and refuses.

use std::collections::{BTreeMap, HashSet};

use serde::Deserialize;
use serde_json::{Value, json};

use super::call::Failure;
use super::messages::{NewMessage, Received};
use super::queues;
use super::sqs::{asked_for, invalid};

pub(super) const MAX_BATCH: usize = 10;
pub(super) const MAX_BODY_BYTES: usize = 1024 * 1024;
const MAX_DELAY_SECONDS: i64 = 900;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Outgoing {
    pub(super) message_body: String,
    pub(super) delay_seconds: Option<i64>,
    pub(super) message_attributes: Option<Value>,
    pub(super) message_system_attributes: Option<BTreeMap<String, AttributeValue>>,
    pub(super) message_group_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AttributeValue {
    pub(super) string_value: Option<String>,
}

impl Outgoing {
    pub(super) fn checked(&self) -> Result<NewMessage, Failure> {
        let delay_seconds = self.delay_seconds.unwrap_or(0);
        if self.message_body.is_empty() {
            return Err(Failure::new("MissingParameter", "The request must contain the parameter MessageBody."));
        }
        if self.message_body.len() > MAX_BODY_BYTES {
            return Err(invalid("One or more parameters are invalid. Reason: Message must be shorter than 1 MiB."));
        }
        if !(0..=MAX_DELAY_SECONDS).contains(&delay_seconds) {
            return Err(invalid("DelaySeconds must be between 0 and 900."));
        }
        let system = self.message_system_attributes.as_ref();
        let trace = system.and_then(|all| all.get("AWSTraceHeader")?.string_value.clone());
        Ok(NewMessage {
            body: self.message_body.clone(),
            attributes: self.message_attributes.as_ref().map(Value::to_string),
            trace,
            group: self.message_group_id.clone(),
            delay_seconds,
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SendMessage {
    pub(super) queue_url: String,
    #[serde(flatten)]
    pub(super) message: Outgoing,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SendEntry {
    pub(super) id: String,
    #[serde(flatten)]
    pub(super) message: Outgoing,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OneHandle {
    pub(super) queue_url: String,
    pub(super) receipt_handle: String,
    #[serde(default)]
    pub(super) visibility_timeout: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct HandleEntry {
    pub(super) id: String,
    pub(super) receipt_handle: String,
    #[serde(default)]
    pub(super) visibility_timeout: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetQueueAttributes {
    pub(super) queue_url: String,
    #[serde(default)]
    pub(super) attribute_names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetQueueUrl {
    pub(super) queue_name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PurgeQueue {
    pub(super) queue_url: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ReceiveMessage {
    pub(super) queue_url: String,
    pub(super) max_number_of_messages: Option<usize>,
    pub(super) visibility_timeout: Option<i64>,
    #[serde(default)]
    pub(super) wait_time_seconds: u64,
    #[serde(default)]
    pub(super) message_attribute_names: Vec<String>,
    #[serde(default)]
    pub(super) message_system_attribute_names: Vec<String>,
    #[serde(default)]
    pub(super) attribute_names: Vec<String>,
}

impl ReceiveMessage {
    pub(super) fn answer(&self, received: &[Received]) -> Value {
        if received.is_empty() {
            return json!({});
        }
        let messages: Vec<_> = received.iter().map(|message| self.message(message)).collect();
        json!({ "Messages": messages })
    }

    fn message(&self, message: &Received) -> Value {
        let mut answer = json!({
            "MessageId": message.id,
            "ReceiptHandle": message.handle,
            "Body": message.body,
        });
        let system_attributes = self.system_attributes(message);
        if !system_attributes.is_empty() {
            answer["Attributes"] = json!(system_attributes);
        }
        let attributes = message.attributes.as_deref().and_then(|json| serde_json::from_str(json).ok());
        if let Some(Value::Object(mut attributes)) = attributes {
            attributes.retain(|name, _| asked_for(&self.message_attribute_names, name));
            if !attributes.is_empty() {
                answer["MessageAttributes"] = attributes.into();
            }
        }
        answer
    }

    fn system_attributes(&self, message: &Received) -> BTreeMap<&'static str, String> {
        let group = Some(message.group.clone()).filter(|group| !group.is_empty());
        [
            ("SenderId", Some("000000000000".to_owned())),
            ("SentTimestamp", Some(message.sent_at.to_string())),
            ("ApproximateReceiveCount", Some(message.receives.to_string())),
            ("ApproximateFirstReceiveTimestamp", Some(message.first_received_at.to_string())),
            ("MessageGroupId", group),
            ("AWSTraceHeader", message.trace.clone()),
            ("DeadLetterQueueSourceArn", message.origin.as_deref().map(queues::arn)),
        ]
        .into_iter()
        .filter(|(name, _)| {
            asked_for(&self.message_system_attribute_names, name) || asked_for(&self.attribute_names, name)
        })
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }
}

/// Up to ten of the same, each of which succeeds or fails by itself.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Batch<T> {
    pub(super) queue_url: String,
    pub(super) entries: Vec<T>,
}

pub(super) trait Entry {
    fn id(&self) -> &str;
}

impl Entry for SendEntry {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Entry for HandleEntry {
    fn id(&self) -> &str {
        &self.id
    }
}

impl<T: Entry> Batch<T> {
    pub(super) fn check(&self) -> Result<(), Failure> {
        let refuse = |code: &'static str, reason: &str| Err(Failure::new(code, reason));
        let distinct: HashSet<_> = self.entries.iter().map(Entry::id).collect();
        match self.entries.len() {
            0 => refuse("AWS.SimpleQueueService.EmptyBatchRequest", "There are no entries."),
            count if count > MAX_BATCH => {
                refuse("AWS.SimpleQueueService.TooManyEntriesInBatchRequest", "There are more than 10 entries.")
            }
            count if count > distinct.len() => {
                refuse("AWS.SimpleQueueService.BatchEntryIdsNotDistinct", "Two entries have the same id.")
            }
            _ => Ok(()),
        }
    }

    pub(super) fn each(&self, work: impl Fn(&T) -> Result<Value, Failure>) -> Value {
        let (mut successful, mut failed) = (Vec::new(), Vec::new());
        for entry in &self.entries {
            match work(entry) {
                Ok(done) => successful.push(done),
                Err(failure) => failed.push(json!({
                    "Id": entry.id(),
                    "Code": failure.code(),
                    "Message": failure.message(),
                    "SenderFault": true,
                })),
            }
        }
        json!({ "Successful": successful, "Failed": failed })
    }
}
