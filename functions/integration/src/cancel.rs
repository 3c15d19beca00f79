//! `POST /integration/cancel`: call an engagement off (checklist F3).

use axum::Json;
use axum::extract::State;
use hub_engagements::cancel;
use hub_web::{ApiError, App, Endpoint, Problem};
use utoipa_axum::routes;

use crate::control::{Done, Steered, WhichEngagement};

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("integration-cancel", routes!(handle))
}

/// Calls an engagement off. A live call is hung up; an email that has left cannot be taken back.
#[utoipa::path(
    post, path = "/integration/cancel", tag = "Engagements",
    request_body = WhichEngagement,
    responses(
        (status = 200, body = Done),
        (status = 400, body = Problem, description = "engagement_id is missing."),
        (status = 403, body = Problem, description = "No valid API key."),
        (status = 404, body = Problem, description = "The engagement is not on this account."),
        (status = 409, body = Problem, description = "The engagement has ended; the detail says how."),
    ),
    security(("api_key" = ["engagements"]))
)]
async fn handle(State(hub): State<App>, Steered { account, id }: Steered) -> Result<Json<Done>, ApiError> {
    cancel(&hub, account, id).await?;
    Ok(Json(Done::with(id)))
}
