//! The answer to a campaign that was accepted (checklist I3).

use hub_engagements::bulk::Submitted;
use hub_models::batch::SkippedRow;
use hub_models::id::BatchId;
use serde::Serialize;
use utoipa::ToSchema;

/// The most skipped rows that an answer names; a file of results has all of them.
const MOST_ERRORS: usize = 1_000;

/// A batch that was made.
#[derive(Serialize, ToSchema)]
pub(crate) struct SubmittedBatch {
    /// Always true.
    #[schema(example = true)]
    success: bool,
    /// The batch: follow and steer it with this.
    #[schema(value_type = String, example = "6f1c2a3b-4d5e-8565-a877-3b4c5d6e7562")]
    batch_id: BatchId,
    /// How many rows became engagements.
    #[schema(example = 10)]
    queued_calls: u32,
    /// How many rows were skipped.
    #[schema(example = 2)]
    skipped_calls: u32,
    /// The skipped rows with their reasons, the first 1,000 of them; results.csv has all.
    #[schema(example = json!(["Row 3: skipped — duplicate customer"]))]
    errors: Vec<String>,
    /// What happens next.
    #[schema(example = "Batch created with 10 calls. Processing will start shortly.")]
    message: String,
}

impl From<Submitted> for SubmittedBatch {
    fn from(Submitted { batch, skipped, .. }: Submitted) -> Self {
        Self {
            success: true,
            batch_id: batch.batch_id,
            queued_calls: batch.rows,
            skipped_calls: batch.skipped,
            errors: skipped.iter().take(MOST_ERRORS).map(SkippedRow::to_string).collect(),
            message: format!("Batch created with {} calls. Processing will start shortly.", batch.rows),
        }
    }
}
