//! Trying the failed rows of a batch again, in a batch of their own.

use futures::stream::{self, StreamExt, TryStreamExt};
use hub_auth::Caller;
use hub_models::batch::{Batch, SkippedRow};
use hub_models::domain::Domain;
use hub_models::engagement::{Accepted, Content, Engagement, HistoryEvent, State};
use hub_models::id::BatchId;
use hub_models::moment::Moment;
use hub_models::price::Costing;
use hub_store::StoreError;
use sha2::{Digest, Sha256};

use super::check::{Candidate, Checked, Dedup, unreadable};
use super::steer::{BatchError, owned};
use super::submit::{NewBatch, SubmitError, Submitted, accept};
use crate::Hub;
use crate::access::domain_of;
use crate::fitness::{Wanted, misfits};

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
    /// A test engages nobody, and would be the one retry that the batch has.
    #[error(
        "This is a test key and batch {0} has failed rows outside test mode, so nothing was tried again; use a live key."
    )]
    TestKey(BatchId),
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
/// When it is not the account's, has not ended or has no failed rows, when the caller may only test what was no test, and
/// when the rows cannot be accepted.
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
    let Checked { kept, skipped } = failed_rows(hub, caller, &batch, &domain, now).await?;
    let new = NewBatch {
        domain,
        batch_id: retry_id,
        file_name: batch.file_name.clone(),
        request_hash: batch.request_hash.clone(),
        retry_of: Some(&batch),
        campaign: None,
        dedup: Dedup::Retry,
    };
    Ok(accept(hub, new, kept, skipped, now).await?)
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

/// The failed rows as new ones, but for those that do not go together with the domain's setup any more.
async fn failed_rows(
    hub: &Hub,
    caller: &Caller,
    batch: &Batch,
    domain: &Domain,
    now: Moment,
) -> Result<Checked, RetryError> {
    let (mut checked, mut from) = (Checked::default(), 0);
    while from < batch.rows {
        let end = batch.rows.min(from + READ);
        let mut rows = hub.store.rows(batch, from..end).await?;
        rows.retain(|row| row.state == State::Failed);
        if caller.is_test() && rows.iter().any(|row| !row.test_mode) {
            return Err(RetryError::TestKey(batch.batch_id));
        }
        let afresh: Vec<_> = rows.into_iter().map(|row| candidate(hub, row, domain, now)).collect();
        let afresh: Vec<_> = stream::iter(afresh).buffered(SIDE_BY_SIDE).try_collect().await?;
        afresh.into_iter().for_each(|one| checked.add(one));
        from = end;
    }
    Ok(checked)
}

async fn candidate(
    hub: &Hub,
    row: Engagement,
    domain: &Domain,
    now: Moment,
) -> Result<Result<Candidate, SkippedRow>, StoreError> {
    let number = row.batch.map_or(0, |row| row.number);
    let content = content(hub, &row).await?;
    let misfits = misfits(hub, domain, &wanted(&row, &content)).await?;
    if !misfits.is_empty() {
        return Ok(Err(unreadable(number, misfits.sentences())));
    }
    let price = costing(&row, &content).price(domain);
    Ok(Ok(Candidate { number, engagement: afresh(row, price, now), content }))
}

fn wanted<'a>(row: &Engagement, content: &'a Content) -> Wanted<'a> {
    Wanted {
        channel: row.channel,
        engagement_type: row.engagement_type,
        booking_id: content.booking_id.as_ref(),
        external_user_id: content.external_user_id.as_ref(),
        test_mode: row.test_mode,
    }
}

fn costing<'a>(row: &Engagement, content: &'a Content) -> Costing<'a> {
    Costing {
        channel: row.channel,
        engagement_type: row.engagement_type,
        language: content.language,
        instruction: content.instruction.as_ref(),
        test_mode: row.test_mode,
    }
}

async fn content(hub: &Hub, row: &Engagement) -> Result<Content, StoreError> {
    let content = match row.content.as_deref() {
        Some(content) => Some(content.clone()),
        None => hub.store.content(row.engagement_id).await?,
    };
    content.ok_or_else(|| StoreError::Unreadable(format!("the content of {} is gone", row.engagement_id)))
}

/// The same row as if it were accepted now, at today's price: nothing of the attempts that failed comes along. An IVR project
/// triggers its calls one by one, so no row has been triggered by one.
fn afresh(row: Engagement, price: u64, now: Moment) -> Engagement {
    let mut engagement = Engagement::from(Accepted {
        engagement_id: row.engagement_id,
        account_id: row.account_id,
        domain_name: row.domain_name,
        channel: row.channel,
        engagement_type: row.engagement_type,
        contact: row.contact,
        client_name: row.client_name,
        user_phone_number: row.user_phone_number,
        source: row.source,
        test_mode: row.test_mode,
        price,
        created_at: now,
        request_hash: row.request_hash,
    });
    engagement.note(HistoryEvent::Queued, now, None);
    engagement
}
