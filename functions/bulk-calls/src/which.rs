//! Which batch a path names, and who asks.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use hub_auth::Caller;
use hub_models::id::BatchId;
use hub_models::text::excerpt;
use hub_web::{ApiError, App, Authorized, CallManagement};

/// A caller that may send campaigns, and the batch that the path names.
pub(crate) struct WhichBatch {
    pub(crate) caller: Caller,
    pub(crate) id: BatchId,
}

impl FromRequestParts<App> for WhichBatch {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, hub: &App) -> Result<Self, Response> {
        let authorized = Authorized::<CallManagement>::from_request_parts(parts, hub).await;
        let Authorized { caller, .. } = authorized.map_err(IntoResponse::into_response)?;
        let path = Path::<String>::from_request_parts(parts, hub).await;
        let Path(text) = path.map_err(IntoResponse::into_response)?;
        let id = batch_id(&text).map_err(IntoResponse::into_response)?;
        Ok(Self { caller, id })
    }
}

/// The batch's id. One that cannot be an id belongs to no batch of the caller's.
fn batch_id(text: &str) -> Result<BatchId, ApiError> {
    text.parse().map_err(|_| ApiError::not_found(format!("Batch {} was not found on this account.", excerpt(text))))
}
