//! An envelope as it is shown: with what became of its contact.

use hub_engagements::voice::ShownEnvelope;
use hub_models::engagement::{Engagement, State};
use hub_models::id::EngagementId;
use hub_models::voice::{ActivityKind, Campaign, Direction, Part, PartKind};
use hub_web::json_api_documents;
use hub_web::jsonapi::{Resource, Timestamp, ToOne};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

pub(crate) const TYPE: &str = PartKind::Envelopes.as_str();

/// What an envelope is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct EnvelopeAttributes {
    #[schema(example = "+15197566220")]
    phone_number: Option<String>,
    email_address: Option<String>,
    /// `pending`, `scheduled`, `queued`, `processing`, `paused`, `completed`, `failed`, `canceled`, or `skipped` where its
    /// contact was left out.
    #[schema(example = "pending")]
    status: &'static str,
    /// That of the activity.
    #[schema(value_type = Option<String>, example = "voice")]
    kind: Option<ActivityKind>,
    /// How often it was tried again.
    retry_attempts: u32,
    /// Always `outbound`.
    #[schema(value_type = String, example = "outbound")]
    direction: Direction,
    /// The values of variables.
    #[schema(value_type = Object, example = json!({"first-name": "Alexander", "last-name": "Bell"}))]
    meta: Map<String, Value>,
    /// Always false.
    is_priority: bool,
    /// Always 0.
    delay_in_seconds: u32,
    scheduled_at: Option<Timestamp>,
    /// When its contact was first being engaged.
    processed_at: Option<Timestamp>,
    completed_at: Option<Timestamp>,
    /// How it ended: `answered`, `voicemail`, `busy`, `no_answer` and so on.
    #[schema(example = "answered")]
    callback_status: Option<&'static str>,
    /// What became of it; null before it is scheduled.
    results: Option<EnvelopeResults>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// What became of an envelope.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
struct EnvelopeResults {
    /// The engagement that it became: `GET /integration/engagement/{engagement_id}` tells all of it.
    #[schema(value_type = Option<String>, example = "eng_a1b2c3d4e5f6789012345678")]
    engagement_id: Option<EngagementId>,
    /// What happened, in words; of one that was left out, why.
    summary: Option<String>,
}

/// What an envelope belongs to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct EnvelopeRelationships {
    engagement: ToOne,
    activity: ToOne,
    /// Always to none: see `results`.
    call: ToOne,
}

json_api_documents!(EnvelopeResource, EnvelopeDocument, EnvelopeList: EnvelopeAttributes, EnvelopeRelationships);

pub(crate) type ShownEnvelopeResource = Resource<EnvelopeAttributes, EnvelopeRelationships>;

/// The answer to envelopes that were made: one, or several as they were sent.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[allow(dead_code)]
pub(crate) enum MadeEnvelopes {
    One(Box<EnvelopeDocument>),
    Several(SeveralEnvelopes),
}

/// Envelopes that were made together.
#[derive(Serialize, ToSchema)]
pub(crate) struct SeveralEnvelopes {
    data: Vec<EnvelopeResource>,
}

/// The envelope as it stands.
pub(crate) fn shown(campaign: &Campaign, one: ShownEnvelope) -> ShownEnvelopeResource {
    let id = campaign.id.part(Part::Envelope(one.envelope.number));
    let activity = campaign.activity.as_ref().map(|_| campaign.id.part(Part::Activity));
    let relationships = EnvelopeRelationships {
        engagement: ToOne::to("engagements", campaign.id.part(Part::Campaign)),
        activity: ToOne::to("activities", activity),
        call: ToOne::to("calls", None),
    };
    Resource::new(TYPE, id, attributes(campaign, one), relationships)
}

fn attributes(campaign: &Campaign, one: ShownEnvelope) -> EnvelopeAttributes {
    let status = status(campaign, &one);
    let results = results(&one);
    let ShownEnvelope { envelope, engagement, .. } = one;
    let engagement = engagement.as_ref();
    let scheduled_at = campaign.submitted_at.map(|at| campaign.delivery.at().unwrap_or(at));
    EnvelopeAttributes {
        phone_number: envelope.recipient.phone_number.map(|number| number.to_string()),
        email_address: envelope.recipient.email_address.map(|address| address.to_string()),
        status,
        kind: campaign.activity.as_ref().map(|activity| activity.kind),
        retry_attempts: engagement.map_or(0, |engagement| engagement.failures),
        direction: campaign.direction,
        meta: envelope.meta,
        is_priority: false,
        delay_in_seconds: 0,
        scheduled_at: scheduled_at.map(Timestamp),
        processed_at: engagement.and_then(|engagement| engagement.started_at).map(Timestamp),
        completed_at: engagement.and_then(|engagement| engagement.completed_at).map(Timestamp),
        callback_status: engagement.and_then(|engagement| engagement.outcome).map(|outcome| outcome.as_str()),
        results,
        created_at: envelope.created_at.into(),
        updated_at: envelope.updated_at.into(),
    }
}

fn status(campaign: &Campaign, one: &ShownEnvelope) -> &'static str {
    match (&one.engagement, &one.skipped) {
        (Some(engagement), _) => word(engagement),
        (None, Some(_)) => "skipped",
        (None, None) if campaign.submitted_at.is_some() => "scheduled",
        (None, None) => "pending",
    }
}

fn word(engagement: &Engagement) -> &'static str {
    match engagement.state {
        State::Scheduled => "scheduled",
        State::Queued if engagement.waits_for_its_batch() => "scheduled",
        State::Queued | State::Dispatching => "queued",
        State::InProgress => "processing",
        State::Paused | State::OnHold => "paused",
        State::Completed => "completed",
        State::Failed => "failed",
        State::Cancelled => "canceled",
    }
}

fn results(one: &ShownEnvelope) -> Option<EnvelopeResults> {
    let engaged = one.engagement.as_ref().map(|engagement| EnvelopeResults {
        engagement_id: Some(engagement.engagement_id),
        summary: engagement.summary.clone(),
    });
    let left_out = one.skipped.as_ref();
    engaged.or(left_out.map(|row| EnvelopeResults { engagement_id: None, summary: Some(row.reason.to_string()) }))
}
