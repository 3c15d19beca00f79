//! A webhook as it is shown.

use hub_models::webhook::WebhookEndpoint;
use serde::Serialize;
use utoipa::ToSchema;

/// A domain's webhook.
#[derive(Serialize, ToSchema)]
pub(crate) struct Webhook {
    #[schema(example = "acme")]
    pub(crate) domain_name: String,
    /// Where engagements are told; null where none is set.
    #[schema(example = "https://example.com/hooks/engagements")]
    pub(crate) url: Option<String>,
    /// The end of the secret, to tell which one it is.
    #[schema(example = "…x9Q=")]
    pub(crate) secret_hint: Option<String>,
    /// Whether it is called: an endpoint that answered 410 Gone is not, until it is set anew.
    pub(crate) enabled: bool,
}

impl Webhook {
    pub(crate) fn of(domain_name: String, endpoint: Option<&WebhookEndpoint>) -> Self {
        Self {
            domain_name,
            url: endpoint.map(|endpoint| endpoint.url.to_string()),
            secret_hint: endpoint.map(|endpoint| hint(endpoint.secret.expose())),
            enabled: endpoint.is_some_and(|endpoint| endpoint.disabled_at.is_none()),
        }
    }
}

fn hint(secret: &str) -> String {
    format!("…{}", secret.get(secret.len().saturating_sub(4)..).unwrap_or_default())
}
