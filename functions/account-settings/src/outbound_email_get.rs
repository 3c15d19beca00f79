//! `GET /account-settings/outbound-email`: what a domain's emails carry around what they say.

use axum::extract::State;
use hub_engagements::domain_of;
use hub_web::{AccountSettings, ApiError, App, Authorized, Endpoint, Fields, Problem, QueryFields, Revised};
use utoipa_axum::routes;

use crate::change::domain_name;
use crate::outbound_email::ShownOutboundEmail;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("account-settings-outbound-email-get", routes!(handle))
}

/// Shows what the domain's emails carry, or what one user's emails have in place of that.
#[utoipa::path(
    get, path = "/account-settings/outbound-email", tag = "Email",
    params(
        ("domain_name" = String, Query, description = "Your tenant domain."),
        ("external_user_id" = Option<String>, Query, description = "A user, for what is set for that user alone."),
    ),
    responses(
        (status = 200, body = ShownOutboundEmail, headers(("ETag" = String, description = "The version that is shown."))),
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
) -> Result<Revised<ShownOutboundEmail>, ApiError> {
    let mut fields = Fields::default();
    let name = domain_name(&mut fields, query.take("domain_name"));
    let user = fields.line("external_user_id", query.take("external_user_id"));
    let name = fields.finish(name)?;
    domain_of(&hub, caller.account_id(), &name).await?;
    let settings = match &user {
        Some(user) => hub.store.user_email(&name, user).await?,
        None => hub.store.domain(&name).await?.map(|domain| domain.outbound_email),
    };
    let settings = settings.unwrap_or_default();
    Ok(Revised::ok(settings.version, ShownOutboundEmail::of(&name, user.as_ref(), &settings)))
}
