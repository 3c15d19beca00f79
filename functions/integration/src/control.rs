//! What pause, resume and cancel share: the engagement is named in the body and told back (checklist F3).

use hub_models::id::EngagementId;
use hub_models::text::excerpt;
use hub_web::{ApiError, Fields, Given};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which engagement.
#[derive(Deserialize, ToSchema)]
pub(crate) struct WhichEngagement {
    #[serde(default)]
    #[schema(value_type = String, example = "eng_a1b2c3d4e5f6789012345678")]
    engagement_id: Given<String>,
}

impl WhichEngagement {
    /// The engagement's id. One that cannot be an id belongs to no engagement of the caller's.
    pub(crate) fn id(self) -> Result<EngagementId, ApiError> {
        let mut fields = Fields::default();
        let text = fields.required("engagement_id", self.engagement_id, |text| Ok::<_, String>(text.to_owned()));
        let text = fields.finish(text)?;
        let unknown = || ApiError::not_found(format!("Engagement {} was not found on this account.", excerpt(&text)));
        text.parse().map_err(|_| unknown())
    }
}

/// It is done.
#[derive(Serialize, ToSchema)]
pub(crate) struct Done {
    /// Always true.
    #[schema(example = true)]
    ok: bool,
    /// The engagement.
    #[schema(value_type = String, example = "eng_a1b2c3d4e5f6789012345678")]
    engagement_id: EngagementId,
}

impl Done {
    pub(crate) fn with(engagement_id: EngagementId) -> Self {
        Self { ok: true, engagement_id }
    }
}
