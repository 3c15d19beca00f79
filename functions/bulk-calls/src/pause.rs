//! `POST /bulk-calls/batches/{batch_id}/pause`: hold a batch (checklist I5).

use axum::Json;
use axum::extract::State;
use hub_engagements::bulk::pause;
use hub_web::{ApiError, App, Endpoint, Problem};
use utoipa_axum::routes;

use crate::steered::SteeredBatch;
use crate::which::WhichBatch;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("bulk-calls-pause", routes!(handle))
}

/// Holds a batch: no row of it goes out until it is resumed. Holding it twice is no fault.
#[utoipa::path(
    post, path = "/bulk-calls/batches/{batch_id}/pause", tag = "Campaigns",
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
    Ok(Json(pause(&hub, caller.account_id(), id).await?.into()))
}
