//! `POST /v2/callresult`: how triggered calls went (checklist K2).

use axum::Json;
use axum::extract::State;
use hub_engagements::{CallResult, call_results};
use hub_models::fault::Faults;
use hub_models::id::UniqueId;
use hub_web::{ApiError, App, Body, Endpoint, Fields, Given, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

/// The most calls that are told of at once.
const MOST: usize = 100;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("ivr-callresult", routes!(handle))
}

/// Which calls.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
struct WhichCalls {
    /// What the triggers were answered with, at most 100.
    #[serde(default)]
    #[schema(value_type = Vec<String>, required = true, example = json!(["a1b2c3d4e5f678901234567890abcdef1234567890abcdef12345678"]))]
    unique_ids: Given<Vec<String>>,
}

/// How the calls went, in the order in which they were asked for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
struct CallResults {
    call_results: Vec<CallResult>,
}

/// Tells how triggered calls went. Ids that no call has are left out; a call that has not ended has an empty `CallState`.
#[utoipa::path(
    post, path = "/v2/callresult", tag = "IVR",
    request_body = WhichCalls,
    responses(
        (status = 200, body = CallResults),
        (status = 400, body = Problem, description = "UniqueIds is missing or cannot be taken."),
        (status = 413, body = Problem, description = "The body is too large."),
        (status = 415, body = Problem, description = "The body is not JSON."),
        (status = 429, body = Problem, description = "Too many requests; see Retry-After."),
    )
)]
async fn handle(State(hub): State<App>, Body(which): Body<WhichCalls>) -> Result<Json<CallResults>, ApiError> {
    let ids = which.read()?;
    Ok(Json(CallResults { call_results: call_results(&hub, &ids).await? }))
}

impl WhichCalls {
    /// The ids. A text that cannot be one is known to no call.
    fn read(self) -> Result<Vec<UniqueId>, Faults> {
        let mut fields = Fields::default();
        if !self.unique_ids.is_given() {
            fields.missing("UniqueIds");
        }
        let ids = fields.value("UniqueIds", self.unique_ids);
        if ids.as_ref().is_some_and(|ids| ids.len() > MOST) {
            fields.fault("UniqueIds", format!("must have at most {MOST} entries."));
        }
        let read = |ids: Vec<String>| ids.iter().filter_map(|id| id.trim().parse().ok()).collect();
        fields.finish(ids.map(read))
    }
}
