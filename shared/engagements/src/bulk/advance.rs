//! Taking a batch further: what its due item and its queue bring it for.

use hub_channels::queue::Queue;
use hub_models::batch::{Batch, BatchStatus};
use hub_models::id::{BatchId, DraftId};
use hub_models::moment::Moment;
use hub_store::StoreError;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use tracing::Instrument;

use super::call_off::call_off_slice;
use super::end::look_for_end;
use super::hold::let_held_go_on;
use super::let_go::let_slice_go;
use crate::Hub;
use crate::release::LOOK_AGAIN;
use crate::spans::{batch_span, draft_span};

/// How many steps one message takes; what is left after that is another message's.
const MOST_STEPS: usize = 40;

/// A message of the queue `release-batch`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchJob {
    /// A batch is to be taken further.
    Batch {
        /// Which.
        batch_id: BatchId,
        /// The version that the message is for: once another has taken the batch further, it has nothing to say.
        version: u64,
    },
    /// A draft is to be cleared away, unless it has become a batch.
    Draft {
        /// Which.
        draft_id: DraftId,
    },
}

/// What comes after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Another step.
    Step,
    /// Nothing for now.
    Rest,
}

/// Does what is to be done for one message.
///
/// # Errors
/// When a table cannot be used. The message must then come again.
pub async fn advance(hub: &Hub, job: BatchJob) -> Result<(), StoreError> {
    match job {
        BatchJob::Batch { batch_id, version } => {
            advance_batch(hub, batch_id, version).instrument(batch_span(batch_id)).await
        }
        BatchJob::Draft { draft_id } => give_up(hub, draft_id).instrument(draft_span(draft_id)).await,
    }
}

async fn give_up(hub: &Hub, draft_id: DraftId) -> Result<(), StoreError> {
    match hub.store.give_up_draft(draft_id).await? {
        Some(draft) => hub.store.clear_draft(&draft).await,
        None => Ok(()),
    }
}

async fn advance_batch(hub: &Hub, id: BatchId, version: u64) -> Result<(), StoreError> {
    let Some(mut batch) = hub.store.batch(id).await?.filter(|batch| batch.version == version) else {
        return Ok(());
    };
    for _ in 0..MOST_STEPS {
        if step(hub, &batch).await? == Next::Rest {
            return Ok(());
        }
        let Some(current) = hub.store.batch(id).await? else { return Ok(()) };
        batch = current;
    }
    enqueue_batch(hub, &batch, SignedDuration::ZERO).await;
    Ok(())
}

async fn step(hub: &Hub, batch: &Batch) -> Result<Next, StoreError> {
    match batch.status {
        BatchStatus::Running if batch.resuming => let_held_go_on(hub, batch).await,
        BatchStatus::Running if batch.released < batch.rows => let_slice_go(hub, batch).await,
        BatchStatus::Cancelling if batch.called_off < batch.rows => call_off_slice(hub, batch).await,
        BatchStatus::Paused if batch.released < batch.rows => Ok(Next::Rest),
        BatchStatus::Running | BatchStatus::Paused | BatchStatus::Cancelling => look_for_end(hub, batch).await,
        BatchStatus::Completed | BatchStatus::Cancelled => Ok(Next::Rest),
    }
}

/// Writes a batch after a step, to be looked at again at `wake`. Who comes too late looks at it anew.
pub(super) async fn go_on(hub: &Hub, batch: Batch, wake: Moment) -> Result<Next, StoreError> {
    let now = hub.clock.now();
    let plan = hub.settings.pace.plan(wake, now);
    let batch = Batch { version: batch.version + 1, due_at: Some(plan.due_at), ..batch };
    if !hub.store.save_batch(&batch, None).await? || wake <= now {
        return Ok(Next::Step);
    }
    if let Some(delay) = plan.delay {
        enqueue_batch(hub, &batch, delay).await;
    }
    Ok(Next::Rest)
}

/// Hands a batch to its function, and says whether the queue took it. A queue that is out of order loses nothing: the
/// tick finds what is due.
pub(super) async fn enqueue_batch(hub: &Hub, batch: &Batch, delay: SignedDuration) -> bool {
    let job = BatchJob::Batch { batch_id: batch.batch_id, version: batch.version };
    let sent = hub.queues.send(Queue::ReleaseBatch, &job, &batch.domain_name, delay).await;
    if let Err(error) = &sent {
        tracing::warn!(batch_id = %batch.batch_id, %error, "not enqueued; the tick will release it");
    }
    sent.is_ok()
}

/// Hands a batch that is due to its function.
pub(crate) async fn release_batch(hub: &Hub, id: BatchId, seen: Moment, now: Moment) -> Result<bool, StoreError> {
    let look_again = seen.max(now) + LOOK_AGAIN;
    let Some(batch) = hub.store.put_off_batch(id, seen, look_again).await? else {
        return Ok(false);
    };
    let handed_over = enqueue_batch(hub, &batch, (seen - now).max(SignedDuration::ZERO)).await;
    if !handed_over {
        hub.store.put_off_batch(id, look_again, seen).await?;
    }
    Ok(handed_over)
}

/// Hands a draft whose time is over to be cleared away.
pub(crate) async fn release_draft(hub: &Hub, id: DraftId, seen: Moment, now: Moment) -> Result<bool, StoreError> {
    let look_again = seen.max(now) + LOOK_AGAIN;
    let Some(draft) = hub.store.put_off_draft(id, seen, look_again).await? else {
        return Ok(false);
    };
    let (job, delay) = (BatchJob::Draft { draft_id: id }, (seen - now).max(SignedDuration::ZERO));
    let sent = hub.queues.send(Queue::ReleaseBatch, &job, &draft.domain_name, delay).await;
    if let Err(error) = &sent {
        tracing::warn!(draft_id = %id, %error, "not enqueued; the tick will bring it again");
        hub.store.put_off_draft(id, look_again, seen).await?;
    }
    Ok(sent.is_ok())
}
