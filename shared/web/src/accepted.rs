//! The answer to a start that is carried out in the background.

use hub_models::engagement::Engagement;
use hub_models::id::EngagementId;
use hub_models::moment::Moment;
use serde::Serialize;
use utoipa::ToSchema;

/// An engagement that was accepted.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Accepted {
    /// Always `accepted`.
    #[schema(example = "accepted")]
    status: &'static str,
    /// Its identifier: track, pause or cancel the engagement with it.
    #[schema(value_type = String, example = "eng_a1b2c3d4e5f6789012345678")]
    engagement_id: EngagementId,
    /// When it was accepted.
    #[schema(value_type = String, example = "2026-06-18T14:30:00.000Z")]
    created_at: Moment,
}

impl From<&Engagement> for Accepted {
    fn from(engagement: &Engagement) -> Self {
        let (engagement_id, created_at) = (engagement.engagement_id, engagement.created_at);
        Self { status: "accepted", engagement_id, created_at }
    }
}
