//! Calling the rows of a batch off: what was not sent is cancelled and given back, a slice at a time.

use hub_models::batch::Batch;
use hub_models::engagement::{Change, Engagement, Event};
use hub_models::moment::Moment;
use hub_store::StoreError;

use super::advance::{Next, go_on};
use crate::enqueue::enqueue_deliveries;
use crate::transition::{delivery, log, transition};
use crate::{Hub, metrics};

/// How many rows one step goes through.
const SLICE: u32 = 96;

/// How many rows are called off in one transaction, which takes a hundred writes: up to three for each row. All give
/// credits back to one account, so one after the other is faster than each for itself.
const TOGETHER: usize = 24;

/// Calls the next rows off. What is under way is left alone and goes on to its end.
pub(super) async fn call_off_slice(hub: &Hub, batch: &Batch) -> Result<Next, StoreError> {
    let now = hub.clock.now();
    let end = batch.rows.min(batch.called_off.saturating_add(SLICE));
    let rows = hub.store.rows(batch, batch.called_off..end).await?;
    let open: Vec<_> = rows.into_iter().filter(|row| row.apply(Event::CalledOff, now).is_ok()).collect();
    for together in open.chunks(TOGETHER) {
        if !call_off_together(hub, together, now).await? {
            // One of them has moved: each is decided on by itself then.
            for row in together {
                let _moved_on = transition(hub, row.clone(), Event::CalledOff, &[]).await?;
            }
        }
    }
    go_on(hub, Batch { called_off: end, ..batch.clone() }, now).await
}

async fn call_off_together(hub: &Hub, rows: &[Engagement], now: Moment) -> Result<bool, StoreError> {
    let changes: Vec<Change> = rows.iter().filter_map(|row| row.apply(Event::CalledOff, now).ok()).collect();
    let mut told = Vec::new();
    for change in &changes {
        told.extend(delivery(hub, &change.engagement).await?);
    }
    if !hub.store.write_together(&changes, &told).await? {
        return Ok(false);
    }
    for (before, change) in rows.iter().zip(&changes) {
        log(&change.engagement);
        metrics::moved(before.state, &Event::CalledOff, &change.engagement);
    }
    enqueue_deliveries(hub, &told).await;
    Ok(true)
}
