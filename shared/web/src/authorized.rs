//! Who may call, as arguments of handlers (checklist A1).

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use hub_auth::{Caller, OperatorKey, bearer};
use hub_models::account::{KeyHash, Permission};
use hub_models::id::ApiKeyId;

use crate::App;
use crate::error::ApiError;

/// A permission as a type, so that a handler's signature says which one it needs.
pub trait Needed: Send + Sync {
    /// The permission.
    const PERMISSION: Permission;
}

/// Starting engagements and following them.
#[derive(Clone, Copy, Debug)]
pub struct Engagements;

/// Batches.
#[derive(Clone, Copy, Debug)]
pub struct CallManagement;

/// The account's settings.
#[derive(Clone, Copy, Debug)]
pub struct AccountSettings;

impl Needed for Engagements {
    const PERMISSION: Permission = Permission::Engagements;
}

impl Needed for CallManagement {
    const PERMISSION: Permission = Permission::CallManagement;
}

impl Needed for AccountSettings {
    const PERMISSION: Permission = Permission::AccountSettings;
}

/// A caller with a valid API key that has the permission `P`.
#[derive(Clone, Debug)]
pub struct Authorized<P> {
    /// The caller.
    pub caller: Caller,
    /// The name of the key.
    pub api_key_id: ApiKeyId,
    permission: PhantomData<P>,
}

impl<P: Needed> FromRequestParts<App> for Authorized<P> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, hub: &App) -> Result<Self, ApiError> {
        let token = token(parts).ok_or_else(|| forbidden("Send an API key as \"Authorization: Bearer <api key>\"."))?;
        Self::with_key(hub, token).await
    }
}

impl<P: Needed> Authorized<P> {
    /// The caller with this API key, which a dialect without an `Authorization` header has brought otherwise.
    ///
    /// # Errors
    /// 403 when the key is not valid or lacks the permission.
    pub async fn with_key(hub: &App, key: &str) -> Result<Self, ApiError> {
        let invalid = || forbidden("This API key is not valid; check it or have a new one made.");
        let key = hub.store.api_key(&KeyHash::of(key)).await?.ok_or_else(invalid)?;
        let api_key_id = key.api_key_id;
        let caller = Caller::with(key).ok_or_else(invalid)?;
        caller.require(P::PERMISSION)?;
        Ok(Self { caller, api_key_id, permission: PhantomData })
    }
}

/// The operator.
#[derive(Clone, Copy, Debug)]
pub struct Operator(());

impl FromRequestParts<App> for Operator {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, hub: &App) -> Result<Self, ApiError> {
        let advice = "Send the operator key as \"Authorization: Bearer <operator key>\".";
        let token = token(parts).ok_or_else(|| forbidden(advice))?;
        let secret = hub.secrets.get(&hub.settings.operator_key_secret).await;
        let key = secret.map_err(|error| ApiError::internal(error.to_string()))?;
        if OperatorKey::new(key).is(token) { Ok(Self(())) } else { Err(forbidden(advice)) }
    }
}

pub(crate) fn token(parts: &Parts) -> Option<&str> {
    bearer(parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?)
}

fn forbidden(detail: &str) -> ApiError {
    ApiError::new(StatusCode::FORBIDDEN, detail)
}
