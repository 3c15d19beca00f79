//! An engagement as callers see it: the answer to a poll and the body of a webhook (checklist F1, G1).

use hub_models::channel::{Channel, EngagementType};
use hub_models::engagement::{HistoryEntry, Outcome, Turn, WireStatus};
use hub_models::id::{BatchId, EngagementId};
use hub_models::moment::Moment;
use hub_models::text::ForeignId;
use hub_store::Story;
use serde::Serialize;
use utoipa::ToSchema;

/// How a report reaches the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryType {
    /// The caller asked.
    Pull,
    /// The hub told.
    Push,
}

/// An engagement as callers see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Report {
    /// Its identifier.
    #[schema(value_type = String, example = "eng_a1b2c3d4e5f6789012345678")]
    pub engagement_id: EngagementId,
    /// Where it stands.
    #[schema(value_type = String, example = "In Progress")]
    pub status: WireStatus,
    /// How it ended, as far as is known.
    #[schema(value_type = Option<String>, example = "answered")]
    pub outcome: Option<Outcome>,
    /// What happened, in words.
    pub summary: Option<String>,
    /// When its contact was first being engaged.
    #[schema(value_type = Option<String>, example = "2026-06-18T14:30:05.000Z")]
    pub started_at: Option<Moment>,
    /// When it ended; set exactly when the status is Completed, Failed or Cancelled.
    #[schema(value_type = Option<String>)]
    pub completed_at: Option<Moment>,
    /// The channel.
    #[schema(value_type = String, example = "phone")]
    pub channel: Channel,
    /// The purpose.
    #[serde(rename = "type")]
    #[schema(value_type = String, example = "informational")]
    pub engagement_type: EngagementType,
    /// The phone number or email address.
    #[schema(example = "+14165551234")]
    pub contact_identifier: String,
    /// What happened when.
    #[schema(value_type = Vec<Object>)]
    pub history: Vec<HistoryEntry>,
    /// What was said.
    #[schema(value_type = Vec<Object>)]
    pub transcript: Vec<Turn>,
    /// How this report came.
    pub delivery_type: DeliveryType,
    /// Always `engagement.updated`.
    #[schema(example = "engagement.updated")]
    pub event_type: &'static str,
    /// When this report was made.
    #[schema(value_type = String, example = "2026-06-18T14:35:00.000Z")]
    pub sent_at: Moment,
    /// The record that it was started for.
    #[schema(value_type = Option<String>, example = "contact-98765")]
    pub source_record_id: Option<ForeignId>,
    /// The organization or workspace.
    #[schema(value_type = Option<String>, example = "acme")]
    pub source_org_id: Option<ForeignId>,
    /// The product that started it.
    #[schema(value_type = Option<String>, example = "my_crm")]
    pub source_system: Option<ForeignId>,
    /// The type of the record.
    #[schema(value_type = Option<String>, example = "contact")]
    pub source_object: Option<ForeignId>,
    /// The user who asked for it.
    #[schema(value_type = Option<String>)]
    pub source_user_id: Option<ForeignId>,
    /// The contact's name.
    pub client_name: Option<String>,
    /// The batch that it belongs to.
    #[schema(value_type = Option<String>)]
    pub batch_id: Option<BatchId>,
    /// When it was asked to go out.
    #[schema(value_type = Option<String>)]
    pub scheduled_time: Option<Moment>,
    /// Whether nothing left the hub and nothing was charged.
    pub test_mode: bool,
}

impl Report {
    /// The report of an engagement's story.
    #[must_use]
    pub fn new(story: Story, delivery_type: DeliveryType, sent_at: Moment) -> Self {
        let Story { engagement, transcript } = story;
        Self {
            engagement_id: engagement.engagement_id,
            status: engagement.state.wire(),
            outcome: engagement.outcome,
            summary: engagement.summary,
            started_at: engagement.started_at,
            completed_at: engagement.completed_at,
            channel: engagement.channel,
            engagement_type: engagement.engagement_type,
            contact_identifier: engagement.contact.as_str().to_owned(),
            history: engagement.history,
            transcript,
            delivery_type,
            event_type: "engagement.updated",
            sent_at,
            source_record_id: engagement.source.record_id,
            source_org_id: engagement.source.org_id,
            source_system: engagement.source.system,
            source_object: engagement.source.object,
            source_user_id: engagement.source.user_id,
            client_name: engagement.client_name.map(|name| name.as_str().to_owned()),
            batch_id: engagement.batch.map(|row| row.batch_id),
            scheduled_time: engagement.scheduled_time,
            test_mode: engagement.test_mode,
        }
    }
}
