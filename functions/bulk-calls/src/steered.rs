//! What pause, resume and cancel answer.

use hub_models::batch::{Batch, BatchStatus};
use hub_models::id::BatchId;
use serde::Serialize;
use utoipa::ToSchema;

/// It is done.
#[derive(Serialize, ToSchema)]
pub(crate) struct SteeredBatch {
    /// Always true.
    #[schema(example = true)]
    ok: bool,
    /// The batch.
    #[schema(value_type = String, example = "6f1c2a3b-4d5e-8565-a877-3b4c5d6e7562")]
    batch_id: BatchId,
    /// Where it stands now: Running, Paused, Cancelling, Completed or Cancelled.
    #[schema(value_type = String, example = "Paused")]
    status: BatchStatus,
}

impl From<Batch> for SteeredBatch {
    fn from(batch: Batch) -> Self {
        Self { ok: true, batch_id: batch.batch_id, status: batch.status }
    }
}
