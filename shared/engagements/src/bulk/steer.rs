//! What owners do to their batches: pause, resume, cancel.

use hub_models::batch::{Batch, BatchStatus};
use hub_models::id::{AccountId, BatchId};
use hub_models::moment::Moment;
use hub_store::StoreError;
use jiff::SignedDuration;

use super::advance::enqueue_batch;
use crate::Hub;

/// Why a batch could not be shown or steered.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// There is none with this id on the caller's account.
    #[error("Batch {0} was not found on this account.")]
    Unknown(BatchId),
    /// It stands where this cannot be done.
    #[error("Batch {id} is {status}: {why}")]
    NotNow {
        /// Which.
        id: BatchId,
        /// Where it stands.
        status: BatchStatus,
        /// Why not, and what can be done instead.
        why: &'static str,
    },
    /// A table could not be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Holds a batch: no row of it goes out from now on but those that are being sent. Holding it twice is no fault.
///
/// # Errors
/// When it is not the account's or has ended.
pub async fn pause(hub: &Hub, account: AccountId, id: BatchId) -> Result<Batch, BatchError> {
    steer(hub, account, id, |batch, now| match batch.status {
        BatchStatus::Running => {
            // Without a row that could be held, it may still come to its end.
            let due_at = (batch.released == batch.rows).then(|| hub.settings.pace.plan(now, now).due_at);
            Decision::Change(Batch { status: BatchStatus::Paused, due_at, ..batch })
        }
        BatchStatus::Paused => Decision::AlreadySo(batch),
        BatchStatus::Cancelling | BatchStatus::Completed | BatchStatus::Cancelled => Decision::NotNow(OVER),
    })
    .await
}

/// Lets a held batch go on.
///
/// # Errors
/// When it is not the account's or has ended.
pub async fn resume(hub: &Hub, account: AccountId, id: BatchId) -> Result<Batch, BatchError> {
    steer(hub, account, id, |batch, now| match batch.status {
        BatchStatus::Paused => Decision::Change(Batch {
            status: BatchStatus::Running,
            resuming: true,
            due_at: Some(hub.settings.pace.plan(now, now).due_at),
            ..batch
        }),
        BatchStatus::Running => Decision::AlreadySo(batch),
        BatchStatus::Cancelling | BatchStatus::Completed | BatchStatus::Cancelled => Decision::NotNow(OVER),
    })
    .await
}

/// Calls a batch off: what was not sent is cancelled and given back; what is in progress goes on to its end.
///
/// # Errors
/// When it is not the account's or has ended otherwise.
pub async fn cancel(hub: &Hub, account: AccountId, id: BatchId) -> Result<Batch, BatchError> {
    steer(hub, account, id, |batch, now| match batch.status {
        BatchStatus::Running | BatchStatus::Paused => Decision::Change(Batch {
            status: BatchStatus::Cancelling,
            resuming: false,
            due_at: Some(hub.settings.pace.plan(now, now).due_at),
            ending_since: Some(now),
            ..batch
        }),
        BatchStatus::Cancelling | BatchStatus::Cancelled => Decision::AlreadySo(batch),
        BatchStatus::Completed => Decision::NotNow(OVER),
    })
    .await
}

const OVER: &str = "it cannot be changed any more.";

/// What an owner's wish makes of a batch.
enum Decision {
    Change(Batch),
    AlreadySo(Batch),
    NotNow(&'static str),
}

/// Decides again for as long as others are faster.
async fn steer(
    hub: &Hub,
    account: AccountId,
    id: BatchId,
    decide: impl Fn(Batch, Moment) -> Decision,
) -> Result<Batch, BatchError> {
    loop {
        let batch = owned(hub, account, id).await?;
        let (status, version) = (batch.status, batch.version);
        let changed = match decide(batch, hub.clock.now()) {
            Decision::AlreadySo(batch) => return Ok(batch),
            Decision::NotNow(why) => return Err(BatchError::NotNow { id, status, why }),
            Decision::Change(batch) => Batch { version: version + 1, ..batch },
        };
        if hub.store.save_batch(&changed, None).await? {
            tracing::info!(batch_id = %id, status = %changed.status, "batch steered");
            if changed.due_at.is_some() {
                enqueue_batch(hub, &changed, SignedDuration::ZERO).await;
            }
            return Ok(changed);
        }
    }
}

/// The batch, if it is the account's: another's is not told from one that is not there.
pub(super) async fn owned(hub: &Hub, account: AccountId, id: BatchId) -> Result<Batch, BatchError> {
    let batch = hub.store.batch(id).await?;
    batch.filter(|batch| batch.account_id == account).ok_or(BatchError::Unknown(id))
}
