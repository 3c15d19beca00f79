//! How far a campaign is, in one query however many envelopes it has.

use hub_models::batch::{Batch, BatchStatus, RowCounts};
use hub_models::voice::{Campaign, CampaignStatus};
use hub_store::{Counted, StoreError};

use crate::Hub;

/// A campaign's batch, and how many of its rows stand where.
#[derive(Clone, Debug)]
pub struct CampaignProgress {
    /// The batch.
    pub batch: Batch,
    /// Its rows.
    pub counts: RowCounts,
}

/// How far a campaign is; none before it was submitted.
///
/// # Errors
/// When the table cannot be read.
pub async fn progress(hub: &Hub, campaign: &Campaign) -> Result<Option<CampaignProgress>, StoreError> {
    if campaign.submitted_at.is_none() {
        return Ok(None);
    }
    let counted = hub.store.counted_batch(campaign.id.batch_id()).await?;
    Ok(counted.map(|Counted { batch, tally, .. }| CampaignProgress { counts: batch.counts(&tally), batch }))
}

impl CampaignProgress {
    /// Where the campaign stands.
    #[must_use]
    pub fn status(&self) -> CampaignStatus {
        match self.batch.status {
            BatchStatus::Running if self.counts.waiting == self.batch.rows => CampaignStatus::Scheduled,
            BatchStatus::Running => CampaignStatus::Processing,
            BatchStatus::Paused => CampaignStatus::Paused,
            BatchStatus::Cancelling | BatchStatus::Cancelled => CampaignStatus::Canceled,
            BatchStatus::Completed => CampaignStatus::Completed,
        }
    }

    /// How many envelopes there are.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.batch.rows + self.batch.skipped
    }

    /// For how many of them nothing more happens: they have ended, or were left out.
    #[must_use]
    pub fn complete(&self) -> u32 {
        self.counts.ended() + self.batch.skipped
    }

    /// How many wait until the campaign goes on.
    #[must_use]
    pub fn hold(&self) -> u32 {
        if self.batch.status == BatchStatus::Paused { self.counts.waiting } else { 0 }
    }

    /// How many are still to be engaged, or are.
    #[must_use]
    pub fn incomplete(&self) -> u32 {
        self.total().saturating_sub(self.complete() + self.hold())
    }
}
