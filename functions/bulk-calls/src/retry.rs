//! `POST /bulk-calls/batches/{batch_id}/retry`: try the failed rows again (checklist I5).

use axum::Json;
use axum::extract::State;
use hub_engagements::bulk::retry;
use hub_web::{ApiError, App, Endpoint, Problem};
use utoipa_axum::routes;

use crate::submitted::SubmittedBatch;
use crate::which::WhichBatch;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("bulk-calls-retry", routes!(handle))
}

/// Makes a new batch of the failed rows of one that has ended; its rows keep their numbers.
///
/// A batch is tried again once: asking again gives the same new batch, whose own failed rows can be tried again in turn.
/// Rows that the domain is not set up for any more are skipped, with the reason. A test key tries only tests again.
#[utoipa::path(
    post, path = "/bulk-calls/batches/{batch_id}/retry", tag = "Campaigns",
    params(("batch_id" = String, Path, description = "The batch.")),
    responses(
        (status = 200, body = SubmittedBatch),
        (status = 400, body = Problem, description = "None of the failed rows can be engaged."),
        (status = 402, body = Problem, description = "Too few credits for the failed rows."),
        (status = 403, body = Problem, description = "No valid API key, one without call_management, or a test key for rows that were no test."),
        (status = 404, body = Problem, description = "The batch is not on this account."),
        (status = 409, body = Problem, description = "The batch has not ended or has no failed rows."),
        (status = 503, body = Problem, description = "Engagements are paused for the domain; see Retry-After."),
    ),
    security(("api_key" = ["call_management"]))
)]
async fn handle(
    State(hub): State<App>,
    WhichBatch { caller, id }: WhichBatch,
) -> Result<Json<SubmittedBatch>, ApiError> {
    Ok(Json(retry(&hub, &caller, id).await?.into()))
}
