//! `GET /account-settings/outbound-email`: who a domain's emails are from.

use axum::Json;
use axum::extract::State;
use hub_web::{AccountSettings, ApiError, App, Authorized, Endpoint, Problem, QueryFields};
use utoipa_axum::routes;

use crate::change::domain_in_query;
use crate::outbound_email::ShownOutboundEmail;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("account-settings-outbound-email-get", routes!(handle))
}

/// Shows who the domain's emails are from.
#[utoipa::path(
    get, path = "/account-settings/outbound-email", tag = "Email",
    params(("domain_name" = String, Query, description = "Your tenant domain.")),
    responses(
        (status = 200, body = ShownOutboundEmail),
        (status = 400, body = Problem, description = "domain_name is missing."),
        (status = 403, body = Problem, description = "No valid API key, or one without account_settings."),
        (status = 404, body = Problem, description = "The domain is not on this account."),
    ),
    security(("api_key" = ["account_settings"]))
)]
async fn handle(
    State(hub): State<App>,
    Authorized { caller, .. }: Authorized<AccountSettings>,
    mut query: QueryFields,
) -> Result<Json<ShownOutboundEmail>, ApiError> {
    let name = domain_in_query(&hub, &caller, &mut query).await?;
    let settings = hub.store.domain(&name).await?.map(|domain| domain.outbound_email).unwrap_or_default();
    Ok(Json(ShownOutboundEmail::of(name.to_string(), &settings)))
}
