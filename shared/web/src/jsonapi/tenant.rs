//! Who calls, and for which domain: Basic authorization and `X-Account-Key`.
//!
//! Clients of this dialect expect 401 and a challenge where every other one of the hub answers 403 to a bad key.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use hub_auth::{Caller, basic};
use hub_engagements::{AccessError, Hub, domain_of};
use hub_models::account::{KeyHash, Permission};
use hub_models::domain::{Domain, DomainName};
use hub_models::text::excerpt;

use crate::App;
use crate::error::ApiError;

/// How to say who calls.
const CHALLENGE: &str = "Basic realm=\"hub\", charset=\"UTF-8\"";

/// A caller with a valid API key that may send campaigns, and the domain that the request is for.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// The caller.
    pub caller: Caller,
    /// The domain.
    pub domain: Arc<Domain>,
}

impl FromRequestParts<App> for Tenant {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, hub: &App) -> Result<Self, ApiError> {
        let caller = caller(hub, &parts.headers).await?;
        caller.require(Permission::CallManagement)?;
        let domain = domain(hub, &caller, &parts.headers).await?;
        Ok(Self { caller, domain })
    }
}

async fn caller(hub: &Hub, headers: &HeaderMap) -> Result<Caller, ApiError> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| basic(value.to_str().ok()?));
    let refused = |detail: &str| ApiError::unauthorized(CHALLENGE, detail);
    let given = given.ok_or_else(|| {
        refused("Send \"Authorization: Basic …\" with the id of an API key as the user and the key as the password.")
    })?;
    let key = hub.store.api_key(&KeyHash::of(&given.password)).await?;
    let key = key.filter(|key| key.api_key_id.to_string() == given.user);
    key.and_then(Caller::with).ok_or_else(|| refused("This API key is not valid, or its id is another; check both."))
}

/// The domain that is named, else the account's only one.
async fn domain(hub: &Hub, caller: &Caller, headers: &HeaderMap) -> Result<Arc<Domain>, ApiError> {
    let given = headers.get("x-account-key").map(|value| value.to_str().unwrap_or_default().trim());
    let name = match given.filter(|name| !name.is_empty()) {
        Some(name) => name.parse().map_err(|_| unknown(name))?,
        None => only_domain(hub, caller).await?,
    };
    domain_of(hub, caller.account_id(), &name).await.map_err(|error| match error {
        AccessError::UnknownDomain(name) => unknown(name.as_str()),
        AccessError::Store(error) => error.into(),
    })
}

fn unknown(name: &str) -> ApiError {
    ApiError::not_found(format!("Domain \"{}\" was not found on this account; check X-Account-Key.", excerpt(name)))
}

async fn only_domain(hub: &Hub, caller: &Caller) -> Result<DomainName, ApiError> {
    let mut domains = hub.store.domains_of(caller.account_id()).await?.into_iter();
    match (domains.next(), domains.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(ApiError::not_found("The account has no domain; have one made.")),
        (Some(_), Some(_)) => {
            let detail = "The account has several domains; name one in the header X-Account-Key.";
            Err(ApiError::new(StatusCode::BAD_REQUEST, detail))
        }
    }
}
