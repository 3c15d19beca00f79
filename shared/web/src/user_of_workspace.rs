//! Who calls from a CRM, as an argument of handlers (checklist J1).

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use hub_auth::{Caller, claimed_workspace, verify_token};
use hub_models::workspace::Workspace;

use crate::App;
use crate::authorized::token;
use crate::error::ApiError;

/// RFC 6750, section 3.
const CHALLENGE: &str = "Bearer";

/// A user of a CRM's workspace with a valid token of it.
#[derive(Clone, Debug)]
pub struct UserOfWorkspace {
    /// The caller.
    pub caller: Caller,
    /// The workspace.
    pub workspace: Arc<Workspace>,
}

impl FromRequestParts<App> for UserOfWorkspace {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, hub: &App) -> Result<Self, ApiError> {
        let token = token(parts).ok_or_else(signed_out)?;
        let id = claimed_workspace(token).ok_or_else(signed_out)?;
        let workspace = hub.store.workspace_cached(&id).await?.ok_or_else(signed_out)?;
        verify_token(token, &workspace, hub.clock.now()).map_err(|error| {
            tracing::info!(%error, "not a user of the workspace");
            signed_out()
        })?;
        Ok(Self { caller: Caller::user_of(Arc::clone(&workspace)), workspace })
    }
}

/// One answer for every token that opens nothing: it is read by users of a CRM, who can do no more than this about it.
fn signed_out() -> ApiError {
    ApiError::unauthorized(CHALLENGE, "You are not signed in, or no longer; sign in to the CRM again.")
}
