//! How a triggered call went, as the IVR project that has triggered it is told (checklist K2, K3).

use hub_models::carrier::CallState;
use hub_models::engagement::Engagement;
use hub_models::id::{EngagementId, UniqueId};
use hub_models::webhook::WebhookUrl;
use hub_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Hub;

/// How a triggered call went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct CallResult {
    /// What the trigger was answered with.
    #[schema(value_type = String, example = "a1b2c3d4e5f678901234567890abcdef1234567890abcdef12345678")]
    pub unique_id: UniqueId,
    /// Always empty.
    #[schema(example = "")]
    pub call_request_id: &'static str,
    /// `Answered`, `Busy`, `Error`, `Invalid Number`, `No Answer`, `Rejected` or `Temporarily Unavailable`; empty until the
    /// call has ended.
    #[schema(example = "Answered")]
    pub call_state: &'static str,
}

impl CallResult {
    /// That of an engagement; none where no IVR project has triggered it.
    fn of(engagement: &Engagement) -> Option<Self> {
        let unique_id = engagement.trigger.as_ref()?.unique_id;
        let ended = engagement.outcome.filter(|_| engagement.state.is_final());
        let call_state = ended.map_or("", |outcome| CallState::of(outcome).as_str());
        Some(Self { unique_id, call_request_id: "", call_state })
    }
}

/// How the calls with these ids went, in their order. Ids that no call has are left out.
///
/// # Errors
/// When the table cannot be read.
pub async fn call_results(hub: &Hub, ids: &[UniqueId]) -> Result<Vec<CallResult>, StoreError> {
    let mut wanted: Vec<EngagementId> = ids.iter().map(UniqueId::engagement_id).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let engagements = hub.store.engagements_with(wanted).await?;
    let results: Vec<CallResult> = engagements.iter().filter_map(CallResult::of).collect();
    let of = |id: &UniqueId| results.iter().find(|result| result.unique_id.is(id)).cloned();
    Ok(ids.iter().filter_map(of).collect())
}

/// What is told of a call that has ended, and where; none where nobody wants to know.
pub(crate) async fn result_to_tell(
    hub: &Hub,
    id: EngagementId,
) -> Result<Option<(WebhookUrl, CallResult)>, StoreError> {
    let (engagement, content) = futures::try_join!(hub.store.engagement(id), hub.store.content(id))?;
    let destination = content.and_then(|content| content.scenario?.result);
    let result = engagement.as_ref().and_then(CallResult::of);
    Ok(destination.zip(result).map(|(destination, result)| (destination.url, result)))
}
