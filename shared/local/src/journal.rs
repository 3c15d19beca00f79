//! The simulator's journal: what would have left by a carrier is kept in the outbox.

use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use hub_channels::simulator::{Journal, JournalError, Left};
use hub_models::id::EngagementId;
use serde_json::json;

use crate::aws::{NewMessage, Outbox};

/// An outbox as a journal.
pub(crate) struct OutboxJournal(pub(crate) Outbox);

impl Journal for OutboxJournal {
    fn record(&self, left: Left) -> BoxFuture<'_, Result<String, JournalError>> {
        let recorded = self.0.record(&message(left)).map(|recorded| recorded.message_id);
        ready(recorded.map_err(|error| JournalError(Box::new(error)))).boxed()
    }

    fn find(&self, engagement_id: EngagementId, attempt: u32) -> BoxFuture<'_, Result<Option<String>, JournalError>> {
        let found =
            self.0.find(&engagement_id.to_string(), attempt).map(|found| found.map(|message| message.message_id));
        ready(found.map_err(|error| JournalError(Box::new(error)))).boxed()
    }
}

fn message(left: Left) -> NewMessage {
    let provider_id = left.provider_id();
    let said = left.channel.is_voice().then(|| json!([{ "role": "assistant", "content": left.text }]));
    NewMessage {
        engagement_id: Some(left.engagement_id.to_string()),
        attempt: Some(left.attempt),
        subject: left.subject,
        text: Some(left.text),
        html: left.html,
        said,
        ..NewMessage::new(provider_id, left.channel, left.contact)
    }
}
