//! `GET /calls/{call_sid}`: one entry of the call log.

use axum::Json;
use axum::extract::{Path, State};
use hub_models::id::CallSid;
use hub_models::text::excerpt;
use hub_web::{ApiError, App, Authorized, Endpoint, Engagements, Problem};
use utoipa_axum::routes;

use crate::call::Call;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("calls-get", routes!(handle))
}

/// Looks a call, a message or an email up by its sid: the provider's, or the one it was queued under.
#[utoipa::path(
    get, path = "/calls/{call_sid}", tag = "Call log",
    params(("call_sid" = String, Path, example = "CA1234567890abcdef")),
    responses(
        (status = 200, body = Call),
        (status = 403, body = Problem, description = "No valid API key."),
        (status = 404, body = Problem, description = "The call is not on this account."),
    ),
    security(("api_key" = ["engagements"]))
)]
async fn handle(
    State(hub): State<App>,
    Authorized { caller, .. }: Authorized<Engagements>,
    Path(call_sid): Path<String>,
) -> Result<Json<Call>, ApiError> {
    let unknown = || ApiError::not_found(format!("Call {} was not found on this account.", excerpt(&call_sid)));
    let sid: CallSid = call_sid.parse().map_err(|_| unknown())?;
    let id = hub.store.engagement_of_sid(&sid).await?.ok_or_else(unknown)?;
    let engagement = hub.store.engagement(id).await?;
    let engagement =
        engagement.filter(|engagement| engagement.account_id == caller.account_id()).ok_or_else(unknown)?;
    Ok(Json(engagement.into()))
}
