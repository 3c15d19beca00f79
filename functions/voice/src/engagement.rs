//! An engagement of the JSON:API as it is shown: a campaign with how far it is.

use hub_engagements::Hub;
use hub_engagements::voice::{CampaignProgress, progress};
use hub_models::voice::{ActivityKind, Campaign, CampaignStatus, Direction, KeptKind, Part, PartKind};
use hub_web::jsonapi::{Resource, Timestamp, ToMany, ToOne};
use hub_web::{ApiError, json_api_documents};
use serde::Serialize;
use utoipa::ToSchema;

pub(crate) const TYPE: &str = PartKind::Engagements.as_str();

/// What an engagement is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct EngagementAttributes {
    /// What people call it.
    #[schema(example = "Voice Blast")]
    name: String,
    /// `pending`, `scheduled`, `processing`, `paused`, `canceled` or `completed`.
    #[schema(value_type = String, example = "pending")]
    status: CampaignStatus,
    is_archived: bool,
    /// Always `outbound`.
    #[schema(value_type = String, example = "outbound")]
    direction: Direction,
    /// `immediately`, or `scheduled` for `delivery-time`.
    #[schema(example = "immediately")]
    delivery_type: &'static str,
    delivery_time: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
    /// How many envelopes there are; null, like the other counts, before it is scheduled.
    count_total: Option<u32>,
    /// For how many nothing more happens.
    count_complete: Option<u32>,
    /// How many are still to be engaged, or are.
    count_incomplete: Option<u32>,
    /// How many are held, because it is paused.
    count_hold: Option<u32>,
}

/// What an engagement has.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct EngagementRelationships {
    activity: ToOne,
    caller_ids: ToMany,
    phone_numbers: ToMany,
}

json_api_documents!(EngagementResource, EngagementDocument, EngagementList: EngagementAttributes, EngagementRelationships);

pub(crate) type ShownEngagement = Resource<EngagementAttributes, EngagementRelationships>;

/// The engagement as it stands.
pub(crate) async fn shown(hub: &Hub, campaign: &Campaign) -> Result<ShownEngagement, ApiError> {
    let progress = progress(hub, campaign).await?;
    let relationships = relationships(campaign);
    let attributes = attributes(campaign, progress.as_ref());
    Ok(Resource::new(TYPE, campaign.id.part(Part::Campaign), attributes, relationships))
}

fn attributes(campaign: &Campaign, progress: Option<&CampaignProgress>) -> EngagementAttributes {
    EngagementAttributes {
        name: campaign.name.to_string(),
        status: status(progress),
        is_archived: campaign.is_archived,
        direction: campaign.direction,
        delivery_type: campaign.delivery.as_str(),
        delivery_time: campaign.delivery.at().map(Timestamp),
        created_at: campaign.created_at.into(),
        updated_at: campaign.updated_at.into(),
        count_total: progress.map(CampaignProgress::total),
        count_complete: progress.map(CampaignProgress::complete),
        count_incomplete: progress.map(CampaignProgress::incomplete),
        count_hold: progress.map(CampaignProgress::hold),
    }
}

/// Where it stands. One whose scheduling broke off is pending: scheduling it again goes on with that.
fn status(progress: Option<&CampaignProgress>) -> CampaignStatus {
    progress.map_or(CampaignStatus::Pending, CampaignProgress::status)
}

fn relationships(campaign: &Campaign) -> EngagementRelationships {
    let activity = campaign.activity.as_ref();
    let sender = |kind: ActivityKind| activity.filter(|one| one.kind == kind).and_then(|one| one.sender);
    EngagementRelationships {
        activity: ToOne::to("activities", activity.map(|_| campaign.id.part(Part::Activity))),
        caller_ids: ToMany::to(KeptKind::CallerIds.as_str(), sender(ActivityKind::Voice)),
        phone_numbers: ToMany::to("phone-numbers", sender(ActivityKind::Text)),
    }
}
