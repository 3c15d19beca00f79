//! A batch as callers see it: how far it is, its rows, and the body of its webhook.

use hub_models::batch::{Batch, BatchStatus, RowCounts, SkippedRow};
use hub_models::domain::{Domain, DomainName};
use hub_models::engagement::Engagement;
use hub_models::id::{AccountId, BatchId};
use hub_models::moment::Moment;
use hub_store::{Counted, Cursor, Page, StoreError};
use serde::Serialize;
use utoipa::ToSchema;

use super::steer::BatchError;
use crate::Hub;
use crate::report::DeliveryType;

/// A batch with how many of its rows stand where.
#[derive(Clone, Debug)]
pub struct Progress {
    /// The batch.
    pub batch: Batch,
    /// Its rows.
    pub counts: RowCounts,
}

impl From<Counted> for Progress {
    fn from(counted: Counted) -> Self {
        let counts = counted.batch.counts(&counted.tally);
        Self { batch: counted.batch, counts }
    }
}

/// A batch and how far it is, in one query, however many rows it has.
///
/// # Errors
/// When it is not the account's.
pub async fn batch(hub: &Hub, account: AccountId, id: BatchId) -> Result<Progress, BatchError> {
    let counted = hub.store.counted_batch(id).await?;
    let owned = counted.filter(|counted| counted.batch.account_id == account);
    owned.map(Progress::from).ok_or(BatchError::Unknown(id))
}

/// The batches of a domain, newest first. What has ended knows its counts; the others are counted side by side.
///
/// # Errors
/// When the table cannot be read.
pub async fn batches(
    hub: &Hub,
    domain: &Domain,
    cursor: Option<Cursor>,
    limit: usize,
) -> Result<Page<Progress>, StoreError> {
    let page = hub.store.batches(&domain.domain_name, domain.created_at, cursor, limit).await?;
    let items = futures::future::try_join_all(page.items.into_iter().map(|batch| progress(hub, batch))).await?;
    Ok(Page { items, next: page.next })
}

async fn progress(hub: &Hub, batch: Batch) -> Result<Progress, StoreError> {
    if let Some(counts) = batch.ended {
        return Ok(Progress { batch, counts });
    }
    let counted = hub.store.counted_batch(batch.batch_id).await?;
    Ok(counted.map_or_else(|| Progress { counts: batch.counts(&Default::default()), batch }, Progress::from))
}

/// Rows of a batch in the order in which they go out, from this place on; each has its number in
/// [`Engagement::batch`]. The next page begins at the place that it gives.
///
/// # Errors
/// When the table cannot be read.
pub async fn rows(hub: &Hub, batch: &Batch, from: u32, limit: u32) -> Result<Page<Engagement, u32>, StoreError> {
    let end = from.saturating_add(limit).min(batch.rows);
    let items = if from < end { hub.store.rows(batch, from..end).await? } else { Vec::new() };
    Ok(Page { items, next: (end < batch.rows).then_some(end) })
}

/// All rows that a batch has left out, by their number.
///
/// # Errors
/// When the table cannot be read.
pub async fn skipped(hub: &Hub, batch: &Batch) -> Result<Vec<SkippedRow>, StoreError> {
    if batch.skipped == 0 {
        return Ok(Vec::new());
    }
    hub.store.skipped_rows(batch.draft_id).await
}

/// The first of the rows that a batch has left out, at most 200.
///
/// # Errors
/// When the table cannot be read.
pub async fn first_skipped(hub: &Hub, batch: &Batch) -> Result<Vec<SkippedRow>, StoreError> {
    if batch.skipped == 0 {
        return Ok(Vec::new());
    }
    hub.store.first_skipped_rows(batch.draft_id).await
}

/// How many rows of a batch stand where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BatchCounts {
    /// Rows whose turn has not come.
    pub waiting: u32,
    /// Rows that are on their way or under way.
    pub in_progress: u32,
    /// Rows that ended well.
    pub completed: u32,
    /// Rows that did not reach their contact.
    pub failed: u32,
    /// Rows that were called off.
    pub cancelled: u32,
}

impl From<RowCounts> for BatchCounts {
    fn from(counts: RowCounts) -> Self {
        let RowCounts { waiting, in_progress, completed, failed, cancelled } = counts;
        Self { waiting, in_progress, completed, failed, cancelled }
    }
}

/// A batch as callers see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BatchReport {
    /// Its identifier.
    #[schema(value_type = String, example = "6f1c2a3b-4d5e-8565-a877-3b4c5d6e7562")]
    pub batch_id: BatchId,
    /// The tenant.
    #[schema(value_type = String, example = "acme")]
    pub domain_name: DomainName,
    /// The campaign's name or the file's.
    #[schema(example = "June SMS follow-up")]
    pub file_name: Option<String>,
    /// Running, Paused, Cancelling, Completed or Cancelled.
    #[schema(value_type = String, example = "Running")]
    pub status: BatchStatus,
    /// Rows that became engagements.
    pub queued_calls: u32,
    /// Rows that were left out.
    pub skipped_calls: u32,
    /// Where the rows stand.
    pub counts: BatchCounts,
    /// How many of a hundred rows have ended.
    #[schema(example = 40)]
    pub progress_percent: u32,
    /// Credits that were debited for all rows; failed and cancelled ones were given back.
    pub credits: u64,
    /// When it was submitted.
    #[schema(value_type = String)]
    pub created_at: Moment,
    /// When every row had ended.
    #[schema(value_type = Option<String>)]
    pub completed_at: Option<Moment>,
    /// The batch whose failed rows it tries again.
    #[schema(value_type = Option<String>)]
    pub retry_of: Option<BatchId>,
    /// The batch in which its failed rows are tried again.
    #[schema(value_type = Option<String>)]
    pub retried_as: Option<BatchId>,
    /// How this report came.
    pub delivery_type: DeliveryType,
    /// `batch.completed` once every row has ended, `batch.updated` before.
    #[schema(example = "batch.completed")]
    pub event_type: &'static str,
    /// When this report was made.
    #[schema(value_type = String)]
    pub sent_at: Moment,
}

impl BatchReport {
    /// The report of a batch that stands so.
    #[must_use]
    pub fn new(progress: &Progress, delivery_type: DeliveryType, sent_at: Moment) -> Self {
        let Progress { batch, counts } = progress;
        Self {
            batch_id: batch.batch_id,
            domain_name: batch.domain_name.clone(),
            file_name: batch.file_name.as_ref().map(|name| name.as_str().to_owned()),
            status: batch.status,
            queued_calls: batch.rows,
            skipped_calls: batch.skipped,
            counts: (*counts).into(),
            progress_percent: counts.ended().saturating_mul(100).checked_div(batch.rows).unwrap_or(100),
            credits: batch.price,
            created_at: batch.created_at,
            completed_at: batch.completed_at,
            retry_of: batch.retry_of,
            retried_as: batch.retried_as,
            delivery_type,
            event_type: if batch.status.is_final() { "batch.completed" } else { "batch.updated" },
            sent_at,
        }
    }
}
