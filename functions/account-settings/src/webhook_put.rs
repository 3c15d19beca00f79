//! `PUT /account-settings/webhook`: where a domain's engagements are told (checklist G1).

use axum::Json;
use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hub_engagements::domain_of;
use hub_models::domain::Domain;
use hub_models::webhook::{WebhookEndpoint, WebhookSecret, WebhookSecretError, WebhookUrl};
use hub_web::{AccountSettings, ApiError, App, Authorized, Body, Endpoint, Fields, Given, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::change::{change, domain_name};
use crate::webhook::Webhook;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("account-settings-webhook-put", routes!(handle))
}

/// A webhook to be set.
#[derive(Deserialize, ToSchema)]
struct NewWebhook {
    /// Your tenant domain.
    #[serde(default)]
    #[schema(value_type = String, example = "acme")]
    domain_name: Given<String>,
    /// An https address; null or empty removes the webhook.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "https://example.com/hooks/engagements")]
    url: Given<String>,
    /// What deliveries are signed with, 16 to 256 visible ASCII characters. Where none is given, the one that is set
    /// stays; where none is set, one is made.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    secret: Given<String>,
}

/// A webhook that was set.
#[derive(Serialize, ToSchema)]
struct SetWebhook {
    #[serde(flatten)]
    webhook: Webhook,
    /// The secret, in full: compare it with `X-Aventora-Webhook-Secret`, or verify `webhook-signature` with it.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    secret: Option<String>,
}

/// Sets or removes the domain's webhook. A webhook that was disabled is enabled again.
#[utoipa::path(
    put, path = "/account-settings/webhook", tag = "Webhooks",
    request_body = NewWebhook,
    responses(
        (status = 200, body = SetWebhook),
        (status = 400, body = Problem, description = "The address or the secret cannot be taken."),
        (status = 403, body = Problem, description = "No valid API key, or one without account_settings."),
        (status = 404, body = Problem, description = "The domain is not on this account."),
    ),
    security(("api_key" = ["account_settings"]))
)]
async fn handle(
    State(hub): State<App>,
    Authorized { caller, .. }: Authorized<AccountSettings>,
    Body(new): Body<NewWebhook>,
) -> Result<Json<SetWebhook>, ApiError> {
    let mut fields = Fields::default();
    let name = domain_name(&mut fields, new.domain_name);
    let policy = hub.settings.outside_urls;
    let url = fields.parse("url", new.url, |text| WebhookUrl::parse(text, policy));
    let secret = fields.parse("secret", new.secret, str::parse);
    let name = fields.finish(name)?;
    domain_of(&hub, caller.account_id(), &name).await?;
    let made = generated().map_err(|error| ApiError::internal(error.to_string()))?;
    let domain = change(&hub, &name, |domain| Ok(set(domain, url.clone(), secret.as_ref(), &made))).await?;
    let secret = domain.webhook.as_ref().map(|endpoint| endpoint.secret.expose().to_owned());
    Ok(Json(SetWebhook { webhook: Webhook::of(name.to_string(), domain.webhook.as_ref()), secret }))
}

fn set(domain: Domain, url: Option<WebhookUrl>, given: Option<&WebhookSecret>, made: &WebhookSecret) -> Domain {
    let current = domain.webhook.as_ref().map(|endpoint| &endpoint.secret);
    let secret = given.or(current).unwrap_or(made).clone();
    let webhook = url.map(|url| WebhookEndpoint { url, secret, disabled_at: None });
    Domain { webhook, ..domain }
}

/// A secret as Standard Webhooks writes them: 256 random bits.
fn generated() -> Result<WebhookSecret, WebhookSecretError> {
    let bits: [u8; 32] = rand::random();
    format!("whsec_{}", STANDARD.encode(bits)).parse()
}
