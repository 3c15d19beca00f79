//! Trying the failed rows of a batch again, in a batch of their own.

use futures::stream::{self, StreamExt, TryStreamExt};
use hub_auth::Caller;
use hub_models::batch::Batch;
use hub_models::domain::Domain;
use hub_models::engagement::{Content, Engagement, HistoryEvent, State};
use hub_models::id::BatchId;
use hub_models::moment::Moment;
use hub_store::StoreError;
use sha2::{Digest, Sha256};

use super::check::{Candidate, Dedup};
use super::steer::{BatchError, owned};
use super::submit::{NewBatch, SubmitError, Submitted, accept};
use crate::Hub;
use crate::access::domain_of;

/// How many rows are read at once.
const READ: u32 = 500;

/// How many contents are read side by side.
const SIDE_BY_SIDE: usize = 32;

/// Why failed rows could not be tried again.
#[derive(Debug, thiserror::Error)]
pub enum RetryError {
    /// It is not the batch for it.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// Its rows were not accepted.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<StoreError> for RetryError {
    fn from(error: StoreError) -> Self {
        Self::Batch(error.into())
    }
}

/// Makes a new batch of the failed rows of one that has ended. A batch is tried again once: asking again gives the
/// same new batch, whose own failed rows can be tried again in turn.
///
/// # Errors
/// When it is not the account's, has not ended or has no failed rows, and when the rows cannot be accepted.
pub async fn retry(hub: &Hub, caller: &Caller, id: BatchId) -> Result<Submitted, RetryError> {
    let now = hub.clock.now();
    let batch = owned(hub, caller.account_id(), id).await?;
    let retry_id = retry_of(id);
    if let Some(again) = hub.store.batch(retry_id).await? {
        let skipped = hub.store.skipped_rows(again.draft_id).await?;
        return Ok(Submitted { batch: again, skipped, new: false });
    }
    has_failed_rows(&batch)?;
    let domain = domain_of(hub, caller.account_id(), &batch.domain_name).await.map_err(SubmitError::from)?;
    if domain.engagement_hub_paused {
        return Err(SubmitError::Paused(batch.domain_name).into());
    }
    let candidates = failed_rows(hub, &batch, &domain, now).await?;
    let new = NewBatch {
        domain,
        batch_id: retry_id,
        file_name: batch.file_name.clone(),
        request_hash: batch.request_hash.clone(),
        retry_of: Some(&batch),
        campaign: None,
        dedup: Dedup::Retry,
    };
    Ok(accept(hub, new, candidates, Vec::new(), now).await?)
}

/// The batch that tries this one's failed rows again: there can be one only.
fn retry_of(id: BatchId) -> BatchId {
    let digest = Sha256::new().chain_update(b"retry").chain_update(id.bytes()).finalize();
    let mut bytes = [0; 12];
    bytes.copy_from_slice(&digest[..12]);
    BatchId::from_bytes(bytes)
}

fn has_failed_rows(batch: &Batch) -> Result<(), BatchError> {
    let why = match batch.ended {
        None => "wait until every row has ended, or cancel it first.",
        Some(counts) if counts.failed == 0 => "none of its rows failed, so there is nothing to try again.",
        Some(_) => return Ok(()),
    };
    Err(BatchError::NotNow { id: batch.batch_id, status: batch.status, why })
}

async fn failed_rows(hub: &Hub, batch: &Batch, domain: &Domain, now: Moment) -> Result<Vec<Candidate>, StoreError> {
    let mut candidates = Vec::new();
    let mut from = 0;
    while from < batch.rows {
        let end = batch.rows.min(from + READ);
        let mut rows = hub.store.rows(batch, from..end).await?;
        rows.retain(|row| row.state == State::Failed);
        let afresh: Vec<_> = rows.into_iter().map(|row| candidate(hub, row, domain, now)).collect();
        let afresh: Vec<_> = stream::iter(afresh).buffered(SIDE_BY_SIDE).try_collect().await?;
        candidates.extend(afresh);
        from = end;
    }
    Ok(candidates)
}

async fn candidate(hub: &Hub, row: Engagement, domain: &Domain, now: Moment) -> Result<Candidate, StoreError> {
    let number = row.batch.map_or(0, |row| row.number);
    let content = content(hub, &row).await?;
    Ok(Candidate { number, engagement: afresh(row, domain, now), content })
}

async fn content(hub: &Hub, row: &Engagement) -> Result<Content, StoreError> {
    let content = match row.content.as_deref() {
        Some(content) => Some(content.clone()),
        None => hub.store.content(row.engagement_id).await?,
    };
    content.ok_or_else(|| StoreError::Unreadable(format!("the content of {} is gone", row.engagement_id)))
}

/// The same row as if it were accepted now, at today's price.
fn afresh(row: Engagement, domain: &Domain, now: Moment) -> Engagement {
    let mut engagement = Engagement {
        version: 1,
        state: State::Queued,
        wish: None,
        price: if row.test_mode { 0 } else { domain.price(row.channel) },
        created_at: now,
        scheduled_time: None,
        due_at: None,
        attempt: 1,
        failures: 0,
        claim: None,
        started_at: None,
        completed_at: None,
        outcome: None,
        summary: None,
        call_sid: None,
        provider_id: None,
        history: Vec::new(),
        content: None,
        batch: None,
        ..row
    };
    engagement.note(HistoryEvent::Queued, now, None);
    engagement
}
