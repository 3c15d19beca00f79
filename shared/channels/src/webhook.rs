//! Posts webhooks to addresses that tenants choose (checklist G).

mod signature;
#[cfg(test)]
mod tests;

use std::time::Instant;

use hub_models::id::DeliveryId;
use hub_models::moment::Moment;
use hub_models::outside::UrlPolicy;
use hub_models::webhook::{Try, WebhookEndpoint};
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use url::Url;

use crate::outside::{NoAnswer, OutsideClient, Patience};

const JSON: (HeaderName, HeaderValue) = (CONTENT_TYPE, HeaderValue::from_static("application/json"));

/// Posts webhooks.
#[derive(Clone, Debug)]
pub struct WebhookClient(OutsideClient);

impl WebhookClient {
    /// A client for the addresses that the policy allows.
    #[must_use]
    pub fn new(policy: UrlPolicy) -> Self {
        Self::with_patience(policy, Patience::default())
    }

    /// The same with another patience.
    #[must_use]
    pub fn with_patience(policy: UrlPolicy, patience: Patience) -> Self {
        Self(OutsideClient::new(policy, patience))
    }

    /// Posts a delivery once and tells what came of it.
    pub async fn post(&self, endpoint: &WebhookEndpoint, delivery_id: &DeliveryId, now: Moment, body: Vec<u8>) -> Try {
        match headers(endpoint, delivery_id, now, &body) {
            Ok(headers) => self.tried(endpoint.url.url(), headers, now, body).await,
            Err(error) => Try { at: now, status_code: None, error: Some(error), duration_ms: 0 },
        }
    }

    /// Posts JSON once to an address that shares no secret with the hub, and tells what came of it.
    pub async fn post_unsigned(&self, url: &Url, now: Moment, body: Vec<u8>) -> Try {
        self.tried(url, HeaderMap::from_iter([JSON]), now, body).await
    }

    async fn tried(&self, url: &Url, headers: HeaderMap, now: Moment, body: Vec<u8>) -> Try {
        let begun = Instant::now();
        let answer = self.attempt(url, headers, body).await;
        let duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (status_code, error) = match answer {
            Ok(status_code) => (Some(status_code), complaint(status_code)),
            Err(error) => (None, Some(error)),
        };
        Try { at: now, status_code, error, duration_ms }
    }

    /// The endpoint's status code, or in words why there is none. What else it answers is not read.
    async fn attempt(&self, url: &Url, headers: HeaderMap, body: Vec<u8>) -> Result<u16, String> {
        let request = self.0.request(Method::POST, url).map_err(in_words)?;
        let answer = self.0.send(request.headers(headers).body(body)).await.map_err(in_words)?;
        Ok(answer.status().as_u16())
    }
}

fn in_words(error: NoAnswer) -> String {
    error.told_of("endpoint")
}

fn headers(
    endpoint: &WebhookEndpoint,
    delivery_id: &DeliveryId,
    now: Moment,
    body: &[u8],
) -> Result<HeaderMap, String> {
    let mut headers = signature::headers(&endpoint.secret, delivery_id, now, body)
        .ok_or_else(|| "The webhook cannot be signed with its secret; set another one.".to_owned())?;
    headers.extend([JSON]);
    Ok(headers)
}

/// What is wrong with a status code that is no success.
fn complaint(status_code: u16) -> Option<String> {
    match status_code {
        200..=299 => None,
        300..=399 => Some(format!(
            "The endpoint answered {status_code}, a redirect. Redirects are not followed: set the address it leads to."
        )),
        _ => Some(format!("The endpoint answered {status_code}.")),
    }
}
