//! `GET /account-settings/webhook`: where a domain's engagements are told.

use axum::Json;
use axum::extract::State;
use hub_web::{AccountSettings, ApiError, App, Authorized, Endpoint, Problem, QueryFields};
use utoipa_axum::routes;

use crate::change::domain_in_query;
use crate::webhook::Webhook;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("account-settings-webhook-get", routes!(handle))
}

/// Shows the domain's webhook, without its secret.
#[utoipa::path(
    get, path = "/account-settings/webhook", tag = "Webhooks",
    params(("domain_name" = String, Query, description = "Your tenant domain.")),
    responses(
        (status = 200, body = Webhook),
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
) -> Result<Json<Webhook>, ApiError> {
    let name = domain_in_query(&hub, &caller, &mut query).await?;
    let webhook = hub.store.domain(&name).await?.and_then(|domain| domain.webhook);
    Ok(Json(Webhook::of(name.to_string(), webhook.as_ref())))
}
