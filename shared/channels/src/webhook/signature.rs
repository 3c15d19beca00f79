//! The headers by which an endpoint knows that a webhook comes from the hub, by the Standard Webhooks.

use hub_models::id::DeliveryId;
use hub_models::moment::Moment;
use hub_models::webhook::WebhookSecret;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use standardwebhooks::{HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook};

const SECRET: HeaderName = HeaderName::from_static("x-aventora-webhook-secret");

/// The shared secret, and the delivery's id, time and signature. Nothing where it cannot be signed.
pub(super) fn headers(secret: &WebhookSecret, id: &DeliveryId, now: Moment, body: &[u8]) -> Option<HeaderMap> {
    let (id, timestamp) = (id.to_string(), now.as_second());
    let signature = signer(secret.expose()).ok()?.sign(&id, timestamp, body).ok()?;
    let mut shared = HeaderValue::from_str(secret.expose()).ok()?;
    shared.set_sensitive(true);
    let mut headers = HeaderMap::new();
    headers.insert(SECRET, shared);
    headers.insert(HEADER_WEBHOOK_ID, HeaderValue::from_str(&id).ok()?);
    headers.insert(HEADER_WEBHOOK_TIMESTAMP, HeaderValue::from(timestamp));
    headers.insert(HEADER_WEBHOOK_SIGNATURE, HeaderValue::from_str(&signature).ok()?);
    Some(headers)
}

/// `whsec_` and base64 is a key as the standard writes it; any other secret is the key itself.
fn signer(secret: &str) -> Result<Webhook, standardwebhooks::WebhookError> {
    let raw = || Webhook::from_bytes(secret.as_bytes().to_vec());
    match secret.strip_prefix("whsec_") {
        Some(key) => Webhook::new(key).or_else(|_| raw()),
        None => raw(),
    }
}
