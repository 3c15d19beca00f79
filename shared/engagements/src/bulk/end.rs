//! Noticing that every row has ended, and telling so once.

use hub_models::batch::{Batch, BatchStatus, RowCounts};
use hub_models::id::DeliveryId;
use hub_models::moment::Moment;
use hub_models::webhook::Delivery;
use hub_store::StoreError;
use jiff::SignedDuration;

use super::advance::{Next, go_on};
use crate::Hub;
use crate::enqueue::enqueue_delivery;
use crate::transition::new_delivery;

/// Looks for the end come at growing distances, since the last rows may end in seconds, or in days.
const SOONEST: SignedDuration = SignedDuration::from_secs(1);
const LATEST: SignedDuration = SignedDuration::from_mins(5);

/// Ends a batch whose rows have all ended, and looks again later at one whose have not.
pub(super) async fn look_for_end(hub: &Hub, batch: &Batch) -> Result<Next, StoreError> {
    let now = hub.clock.now();
    let Some(counted) = hub.store.counted_batch(batch.batch_id).await? else { return Ok(Next::Rest) };
    if batch.status == BatchStatus::Running && !counted.held.is_empty() {
        return go_on(hub, Batch { resuming: true, ..batch.clone() }, now).await;
    }
    let counts = batch.counts(&counted.tally);
    if counts.ended() < batch.rows {
        return go_on(hub, batch.clone(), next_look(batch, now)).await;
    }
    finish(hub, batch, counts, now).await
}

fn next_look(batch: &Batch, now: Moment) -> Moment {
    let since = batch.ending_since.unwrap_or(batch.created_at);
    now.max(since) + ((now - since) / 4).clamp(SOONEST, LATEST)
}

/// The end and its telling are one write, so that it is told once.
async fn finish(hub: &Hub, batch: &Batch, counts: RowCounts, now: Moment) -> Result<Next, StoreError> {
    let status = if batch.status == BatchStatus::Cancelling { BatchStatus::Cancelled } else { BatchStatus::Completed };
    let ended = Batch {
        status,
        version: batch.version + 1,
        due_at: None,
        completed_at: Some(now),
        ended: Some(counts),
        ..batch.clone()
    };
    let told = telling(hub, &ended).await?;
    if !hub.store.save_batch(&ended, told.as_ref()).await? {
        return Ok(Next::Step);
    }
    tracing::info!(batch_id = %ended.batch_id, status = %ended.status, rows = ended.rows, "batch ended");
    if let Some(delivery) = told {
        enqueue_delivery(hub, &delivery, SignedDuration::ZERO).await;
    }
    Ok(Next::Rest)
}

async fn telling(hub: &Hub, batch: &Batch) -> Result<Option<Delivery>, StoreError> {
    let id = DeliveryId::of_batch(batch.batch_id);
    let delivery = new_delivery(hub, id, batch.account_id, &batch.domain_name).await?;
    Ok(delivery.map(|delivery| Delivery { batch_id: Some(batch.batch_id), ..delivery }))
}
