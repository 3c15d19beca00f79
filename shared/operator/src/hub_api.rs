//! The hub as its operator and its customers call it: over HTTP, with a key.

mod answers;
mod error;

use std::time::Duration;

use hub_models::domain::DomainName;
use hub_models::email::Mailbox;
use hub_models::id::{AccountId, EngagementId};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use url::Url;

pub(crate) use answers::{Account, ApiKey, Credits, Domain, MadeApiKey, Report};
pub(crate) use error::HubError;

/// How long one answer may take: API Gateway gives up after 30 s.
const PATIENCE: Duration = Duration::from_secs(35);

/// A hub, and the key of its operator.
pub(crate) struct HubApi {
    base: String,
    operator_key: SecretString,
    client: Client,
}

#[derive(Deserialize)]
struct ApiKeys {
    api_keys: Vec<ApiKey>,
}

#[derive(Deserialize)]
struct Started {
    engagement_id: EngagementId,
}

#[derive(Deserialize)]
struct Problem {
    detail: String,
}

impl HubApi {
    pub(crate) fn new(url: &Url, operator_key: SecretString) -> Self {
        Self { base: url.as_str().trim_end_matches('/').to_owned(), operator_key, client: Client::new() }
    }

    /// Where it answers, without a slash at the end.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// The domain of this name, if there is one.
    pub(crate) async fn domain(&self, name: &DomainName) -> Result<Option<Domain>, HubError> {
        found(self.operate(Method::GET, &format!("/admin/domains/{name}"), None).await)
    }

    /// The account of this id, if there is one.
    pub(crate) async fn account(&self, id: AccountId) -> Result<Option<Account>, HubError> {
        found(self.operate(Method::GET, &format!("/admin/accounts/{id}"), None).await)
    }

    pub(crate) async fn create_account(&self, organization_name: &str) -> Result<Account, HubError> {
        let new = json!({ "organization_name": organization_name });
        self.operate(Method::POST, "/admin/accounts", Some(new)).await
    }

    pub(crate) async fn create_domain(
        &self,
        id: AccountId,
        name: &DomainName,
        email_from: &Mailbox,
    ) -> Result<Domain, HubError> {
        let new = json!({"domain_name": name, "email_from": email_from});
        self.operate(Method::POST, &format!("/admin/accounts/{id}/domains"), Some(new)).await
    }

    pub(crate) async fn set_sender(&self, name: &DomainName, email_from: &Mailbox) -> Result<Domain, HubError> {
        let changed = json!({ "email_from": email_from });
        self.operate(Method::PATCH, &format!("/admin/domains/{name}"), Some(changed)).await
    }

    pub(crate) async fn credits(&self, id: AccountId) -> Result<Credits, HubError> {
        self.operate(Method::GET, &format!("/admin/accounts/{id}/credits"), None).await
    }

    pub(crate) async fn add_credits(&self, id: AccountId, amount: i64, reason: &str) -> Result<Credits, HubError> {
        let added = json!({"amount": amount, "reason": reason});
        self.operate(Method::POST, &format!("/admin/accounts/{id}/credits"), Some(added)).await
    }

    pub(crate) async fn api_keys(&self, id: AccountId) -> Result<Vec<ApiKey>, HubError> {
        let listed: ApiKeys = self.operate(Method::GET, &format!("/admin/accounts/{id}/api-keys"), None).await?;
        Ok(listed.api_keys)
    }

    pub(crate) async fn create_api_key(&self, id: AccountId, name: &str) -> Result<MadeApiKey, HubError> {
        self.operate(Method::POST, &format!("/admin/accounts/{id}/api-keys"), Some(json!({ "name": name }))).await
    }

    /// Starts an engagement as the customer. The same idempotency key starts the same one.
    pub(crate) async fn start(
        &self,
        api_key: &SecretString,
        idempotency_key: &str,
        body: &Value,
    ) -> Result<EngagementId, HubError> {
        let path = "/integration/start";
        let request = self.request(Method::POST, path, api_key, Some(body)).header("Idempotency-Key", idempotency_key);
        let started: Started = self.send(&format!("POST {path}"), request).await?;
        Ok(started.engagement_id)
    }

    /// How an engagement goes, as the customer sees it.
    pub(crate) async fn report(&self, api_key: &SecretString, id: EngagementId) -> Result<Report, HubError> {
        let path = format!("/integration/engagement/{id}");
        self.send(&format!("GET {path}"), self.request(Method::GET, &path, api_key, None)).await
    }

    async fn operate<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<T, HubError> {
        let name = format!("{method} {path}");
        let sent = self.send(&name, self.request(method, path, &self.operator_key, body.as_ref())).await;
        sent.map_err(|error| match error {
            // The only thing that 403 can mean here.
            HubError::Refused { status: StatusCode::FORBIDDEN, .. } => {
                HubError::WrongOperatorKey { base: self.base.clone() }
            }
            other => other,
        })
    }

    fn request(&self, method: Method, path: &str, key: &SecretString, body: Option<&Value>) -> RequestBuilder {
        let url = format!("{}{path}", self.base);
        let request = self.client.request(method, url).bearer_auth(key.expose_secret()).timeout(PATIENCE);
        match body {
            Some(body) => request.header("Content-Type", "application/json").body(body.to_string()),
            None => request,
        }
    }

    async fn send<T: DeserializeOwned>(&self, name: &str, request: RequestBuilder) -> Result<T, HubError> {
        let answer = request.send().await.map_err(|error| self.unreachable(&error))?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(|error| self.unreachable(&error))?;
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(|_| self.no_hub(name, status));
        }
        let problem: Problem = serde_json::from_slice(&body).map_err(|_| self.no_hub(name, status))?;
        Err(HubError::Refused { request: name.to_owned(), status, detail: problem.detail })
    }

    fn unreachable(&self, error: &reqwest::Error) -> HubError {
        let causes = std::iter::successors(std::error::Error::source(error), |error| error.source());
        let innermost = causes.last().map_or_else(|| error.to_string(), ToString::to_string);
        HubError::Unreachable { base: self.base.clone(), reason: innermost }
    }

    fn no_hub(&self, request: &str, status: StatusCode) -> HubError {
        HubError::NoHub { request: request.to_owned(), status, base: self.base.clone() }
    }
}

/// What is not there is none.
fn found<T>(answer: Result<T, HubError>) -> Result<Option<T>, HubError> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}
