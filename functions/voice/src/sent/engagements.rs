//! An engagement as it is sent.

use hub_models::voice::{CampaignStatus, Direction, PartKind};
use hub_web::json_api_schema;
use hub_web::jsonapi::NoRelationships;
use hub_web::jsonapi::requests::{change, new_one, one_of};
use utoipa::ToSchema;

const TYPE: &str = PartKind::Engagements.as_str();

json_api_schema!(NewEngagement = new_one::<NewEngagementAttributes, NoRelationships>(TYPE));
json_api_schema!(EngagementChange = change::<NewEngagementAttributes, NoRelationships>(TYPE));
json_api_schema!(EngagementStatus = one_of(CampaignStatus::ALL, CampaignStatus::as_str));
json_api_schema!(EngagementDirection = one_of(Direction::ALL, Direction::as_str));
json_api_schema!(EngagementDelivery = one_of(&["immediately", "scheduled"], |word| word));

/// What an engagement is to be.
#[derive(ToSchema)]
#[serde(rename_all = "kebab-case")]
struct NewEngagementAttributes {
    /// What people call it.
    #[schema(min_length = 1, max_length = 200, example = "Voice Blast")]
    name: String,
    /// `pending` for a new one. A change to `scheduled` sends it out or has it go on, `paused` holds it, and `canceled`
    /// calls it off.
    status: Option<EngagementStatus>,
    is_archived: Option<bool>,
    direction: Option<EngagementDirection>,
    /// Without one it goes out at `delivery-time` where that is sent, else immediately.
    delivery_type: Option<EngagementDelivery>,
    /// At most a year ahead, in UTC where it names no zone; one that has passed is now. Needed where `delivery-type` is
    /// `scheduled`.
    #[schema(format = DateTime, example = "2026-06-19T14:30:00Z")]
    delivery_time: Option<String>,
}
