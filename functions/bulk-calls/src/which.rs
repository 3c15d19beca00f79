//! Which batch a path names.

use hub_models::id::BatchId;
use hub_models::text::excerpt;
use hub_web::ApiError;

/// The batch's id. One that cannot be an id belongs to no batch of the caller's.
pub(crate) fn batch_id(text: &str) -> Result<BatchId, ApiError> {
    text.parse().map_err(|_| ApiError::not_found(format!("Batch {} was not found on this account.", excerpt(text))))
}
