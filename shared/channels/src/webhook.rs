//! Posts webhooks to addresses that tenants choose, and to nowhere inside the hub's own network (checklist G).

mod address;
mod resolver;
mod signature;
#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use hub_models::id::DeliveryId;
use hub_models::moment::Moment;
use hub_models::webhook::{Try, UrlPolicy, WebhookEndpoint};
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Client, redirect, retry};
use url::{Host, Url};

use crate::error::causes;
use resolver::{Blocked, GuardedResolver};

const USER_AGENT: &str = concat!("Aventora-Engagement-Hub/", env!("CARGO_PKG_VERSION"));

/// How long an endpoint may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// To accept the connection.
    pub connect: Duration,
    /// To answer, in all.
    pub total: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), total: Duration::from_secs(10) }
    }
}

/// A client that could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the client for webhooks cannot be made: {0}")]
struct WebhookClientError(#[source] reqwest::Error);

/// Posts webhooks.
#[derive(Clone, Debug)]
pub struct WebhookClient {
    /// Made for the first delivery: reading the system's certificates takes longer than all else that a function does
    /// before its first event, and few functions deliver.
    http: Arc<OnceLock<Client>>,
    policy: UrlPolicy,
    patience: Patience,
}

impl WebhookClient {
    /// A client for the addresses that the policy allows.
    #[must_use]
    pub fn new(policy: UrlPolicy) -> Self {
        Self::with_patience(policy, Patience::default())
    }

    /// The same with another patience.
    #[must_use]
    pub fn with_patience(policy: UrlPolicy, patience: Patience) -> Self {
        Self { http: Arc::default(), policy, patience }
    }

    fn http(&self) -> Result<&Client, WebhookClientError> {
        if let Some(client) = self.http.get() {
            return Ok(client);
        }
        let client = self.build()?;
        Ok(self.http.get_or_init(|| client))
    }

    fn build(&self) -> Result<Client, WebhookClientError> {
        let Self { policy, patience, .. } = *self;
        Client::builder()
            .user_agent(USER_AGENT)
            .timeout(patience.total)
            .connect_timeout(patience.connect)
            .redirect(redirect::Policy::none())
            // Every try is recorded, so there are none behind the hub's back.
            .retry(retry::never())
            // A proxy would resolve the name itself, where nobody looks at the address.
            .no_proxy()
            .referer(false)
            .https_only(policy == UrlPolicy::Https)
            .dns_resolver(GuardedResolver { policy })
            .build()
            .map_err(WebhookClientError)
    }

    /// Posts a delivery once and tells what came of it.
    pub async fn post(&self, endpoint: &WebhookEndpoint, delivery_id: &DeliveryId, now: Moment, body: Vec<u8>) -> Try {
        let begun = Instant::now();
        let answer = self.attempt(endpoint, delivery_id, now, body).await;
        let duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (status_code, error) = match answer {
            Ok(status_code) => (Some(status_code), complaint(status_code)),
            Err(error) => (None, Some(error)),
        };
        Try { at: now, status_code, error, duration_ms }
    }

    /// The endpoint's status code, or in words why there is none. What else it answers is not read.
    async fn attempt(
        &self,
        endpoint: &WebhookEndpoint,
        delivery_id: &DeliveryId,
        now: Moment,
        body: Vec<u8>,
    ) -> Result<u16, String> {
        let url = endpoint.url.url();
        self.check_literal(url)?;
        let headers = headers(endpoint, delivery_id, now, &body)?;
        let http = self.http().map_err(|error| error.to_string())?;
        let request = http.post(url.clone()).headers(headers).body(body);
        let answer = request.send().await.map_err(|error| self.words(&error))?;
        Ok(answer.status().as_u16())
    }

    /// A host that is an address is not resolved, so the resolver never sees it.
    fn check_literal(&self, url: &Url) -> Result<(), String> {
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::from(address),
            Some(Host::Ipv6(address)) => IpAddr::from(address),
            Some(Host::Domain(_)) => return Ok(()),
            None => return Err("The webhook's URL has no host.".to_owned()),
        };
        if address::is_allowed(address, self.policy) { Ok(()) } else { Err(Blocked.to_string()) }
    }

    fn words(&self, error: &reqwest::Error) -> String {
        let underneath: Vec<_> = causes(error).skip(1).collect();
        if underneath.iter().any(|error| error.is::<Blocked>()) {
            return Blocked.to_string();
        }
        if error.is_timeout() {
            return format!("The endpoint did not answer within {} seconds.", self.patience.total.as_secs_f32());
        }
        // The innermost error says what happened; those around it repeat the URL, which may carry a token.
        let cause = underneath.last().map_or_else(String::new, |error| format!(": {error}"));
        if error.is_connect() {
            format!("The endpoint could not be connected to{cause}.")
        } else {
            format!("The connection to the endpoint broke{cause}.")
        }
    }
}

fn headers(
    endpoint: &WebhookEndpoint,
    delivery_id: &DeliveryId,
    now: Moment,
    body: &[u8],
) -> Result<HeaderMap, String> {
    let mut headers = signature::headers(&endpoint.secret, delivery_id, now, body)
        .ok_or_else(|| "The webhook cannot be signed with its secret; set another one.".to_owned())?;
    headers.insert(CONTENT_TYPE, reqwest::header::HeaderValue::from_static("application/json"));
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
