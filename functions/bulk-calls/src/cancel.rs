//! `POST /bulk-calls/batches/{batch_id}/cancel`: call a batch off (checklist I5).

use axum::Json;
use axum::extract::State;
use hub_engagements::bulk::cancel;
use hub_web::{ApiError, App, Endpoint, Problem};
use utoipa_axum::routes;

use crate::steered::SteeredBatch;
use crate::which::WhichBatch;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("bulk-calls-cancel", routes!(handle))
}

/// Calls a batch off: what was not sent is cancelled and its credits are given back; what is in progress goes on to its end.
#[utoipa::path(
    post, path = "/bulk-calls/batches/{batch_id}/cancel", tag = "Campaigns",
    params(("batch_id" = String, Path, description = "The batch.")),
    responses(
        (status = 200, body = SteeredBatch),
        (status = 403, body = Problem, description = "No valid API key, or one without call_management."),
        (status = 404, body = Problem, description = "The batch is not on this account."),
        (status = 409, body = Problem, description = "The batch has ended."),
    ),
    security(("api_key" = ["call_management"]))
)]
async fn handle(State(hub): State<App>, WhichBatch { caller, id }: WhichBatch) -> Result<Json<SteeredBatch>, ApiError> {
    Ok(Json(cancel(&hub, caller.account_id(), id).await?.into()))
}
