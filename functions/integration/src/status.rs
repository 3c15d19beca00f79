//! `GET /integration/engagement/{engagement_id}`: how an engagement stands (checklist F1).

use axum::Json;
use axum::extract::{Path, State};
use hub_engagements::{DeliveryType, Report, concerns};
use hub_models::id::EngagementId;
use hub_models::text::excerpt;
use hub_web::{ApiError, App, Authorized, Endpoint, Engagements, Problem};
use utoipa_axum::routes;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("integration-status", routes!(handle))
}

/// Tells how an engagement stands, with its history and what was said.
#[utoipa::path(
    get, path = "/integration/engagement/{engagement_id}", tag = "Engagements",
    params(("engagement_id" = String, Path, example = "eng_a1b2c3d4e5f6789012345678")),
    responses(
        (status = 200, body = Report),
        (status = 403, body = Problem, description = "No valid API key."),
        (status = 404, body = Problem, description = "The engagement is not on this account."),
    ),
    security(("api_key" = ["engagements"]))
)]
async fn handle(
    State(hub): State<App>,
    Authorized { caller, .. }: Authorized<Engagements>,
    Path(engagement_id): Path<String>,
) -> Result<Json<Report>, ApiError> {
    let unknown =
        || ApiError::not_found(format!("Engagement {} was not found on this account.", excerpt(&engagement_id)));
    let id: EngagementId = engagement_id.parse().map_err(|_| unknown())?;
    concerns(id);
    let story = hub.store.story(id).await?;
    let story = story.filter(|story| story.engagement.account_id == caller.account_id()).ok_or_else(unknown)?;
    Ok(Json(Report::new(story, DeliveryType::Pull, hub.clock.now())))
}
