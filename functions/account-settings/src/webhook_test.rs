//! `POST /account-settings/webhook/test`: call the webhook now, with an example.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hub_engagements::test_delivery;
use hub_web::{AccountSettings, ApiError, App, Authorized, Body, Endpoint, Given, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::change::domain_named;
use crate::delivery::Attempt;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("account-settings-webhook-test", routes!(handle))
}

/// Which domain's webhook.
#[derive(Deserialize, ToSchema)]
struct WhichDomain {
    #[serde(default)]
    #[schema(value_type = String, example = "acme")]
    domain_name: Given<String>,
}

/// How the webhook took the example.
#[derive(Serialize, ToSchema)]
struct Tested {
    /// Whether it answered with a 2xx.
    delivered: bool,
    #[serde(flatten)]
    attempt: Attempt,
}

/// Sends an example of an engagement to the webhook and tells how it was taken. Nothing is kept of it.
#[utoipa::path(
    post, path = "/account-settings/webhook/test", tag = "Webhooks",
    request_body = WhichDomain,
    responses(
        (status = 200, body = Tested),
        (status = 400, body = Problem, description = "domain_name is missing."),
        (status = 403, body = Problem, description = "No valid API key, or one without account_settings."),
        (status = 404, body = Problem, description = "The domain is not on this account."),
        (status = 409, body = Problem, description = "No webhook is set."),
    ),
    security(("api_key" = ["account_settings"]))
)]
async fn handle(
    State(hub): State<App>,
    Authorized { caller, .. }: Authorized<AccountSettings>,
    Body(which): Body<WhichDomain>,
) -> Result<Json<Tested>, ApiError> {
    let name = domain_named(&hub, &caller, which.domain_name).await?;
    let unset =
        || ApiError::new(StatusCode::CONFLICT, "No webhook is set; set one with PUT /account-settings/webhook.");
    let domain = hub.store.domain(&name).await?.ok_or_else(unset)?;
    let endpoint = domain.webhook.as_ref().ok_or_else(unset)?;
    let attempt = test_delivery(&hub, &domain, endpoint).await?;
    let delivered = attempt.status_code.is_some_and(|code| (200..300).contains(&code));
    Ok(Json(Tested { delivered, attempt: attempt.into() }))
}
