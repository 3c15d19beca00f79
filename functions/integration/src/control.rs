//! What pause, resume and cancel share: the engagement is named in the body and told back (checklist F3).

use axum::extract::{FromRequest, FromRequestParts, Request};
use hub_models::id::{AccountId, EngagementId};
use hub_models::text::excerpt;
use hub_web::{ApiError, App, Authorized, Body, Engagements, Fields, Given};
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
    fn id(self) -> Result<EngagementId, ApiError> {
        let mut fields = Fields::default();
        let text = fields.required("engagement_id", self.engagement_id, |text| Ok::<_, String>(text.to_owned()));
        let text = fields.finish(text)?;
        let unknown = || ApiError::not_found(format!("Engagement {} was not found on this account.", excerpt(&text)));
        text.parse().map_err(|_| unknown())
    }
}

/// The account of a caller that may steer engagements, and the engagement that the body names.
pub(crate) struct Steered {
    pub(crate) account: AccountId,
    pub(crate) id: EngagementId,
}

impl FromRequest<App> for Steered {
    type Rejection = ApiError;

    async fn from_request(request: Request, hub: &App) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let Authorized { caller, .. } = Authorized::<Engagements>::from_request_parts(&mut parts, hub).await?;
        let Body(which) = Body::<WhichEngagement>::from_request(Request::from_parts(parts, body), hub).await?;
        Ok(Self { account: caller.account_id(), id: which.id()? })
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
