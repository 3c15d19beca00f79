//! What a dispatcher does with a row whose batch was held or called off, and how held rows go on.
//!
//! A row that was let go may be on its way when its batch is held. Its dispatcher reads the batch while it claims the row,
//! not after: a row whose dispatcher is at that very moment when a pause is answered may still go out. None that is claimed
//! later does.

use hub_models::batch::{Batch, BatchStatus};
use hub_models::engagement::{Engagement, Event, Wish};
use hub_models::moment::Moment;
use hub_store::StoreError;

use super::advance::{Next, go_on};
use super::let_go::{SLICE, apart, hand_over};
use crate::Hub;
use crate::transition::transition;

/// What is to be done with a claimed row instead of sending it.
pub(crate) struct HoldBack(Wish);

/// What the batch of a claimed row asks for; nothing where the row may go out.
pub(crate) fn hold_back_of(batch: Option<&Batch>) -> Option<HoldBack> {
    match batch?.status {
        BatchStatus::Running | BatchStatus::Completed => None,
        BatchStatus::Paused => Some(HoldBack(Wish::Pause)),
        BatchStatus::Cancelling | BatchStatus::Cancelled => Some(HoldBack(Wish::Cancel)),
    }
}

impl HoldBack {
    /// Holds the row or calls it off.
    pub(crate) async fn carry_out(self, hub: &Hub, row: Engagement) -> Result<(), StoreError> {
        let Ok(change) = transition(hub, row, Event::HeldBack { wish: self.0 }, &[]).await? else {
            return Ok(());
        };
        let held = change.engagement;
        let Some(place) = held.batch.filter(|_| !held.state.is_final()) else { return Ok(()) };
        // The batch may have gone on since it was read, and looked for its held rows before this one was.
        let batch = hub.store.batch(place.batch_id).await?;
        if batch.is_some_and(|batch| batch.status != BatchStatus::Paused) {
            let now = hub.clock.now();
            let gone_on = let_one_go_on(hub, held, now, now).await?;
            hand_over(hub, gone_on.map(|row| (row, now)), now).await;
        }
        Ok(())
    }
}

/// Lets rows that were held back go on, at the domain's rate.
pub(super) async fn let_held_go_on(hub: &Hub, batch: &Batch) -> Result<Next, StoreError> {
    let now = hub.clock.now();
    let Some(counted) = hub.store.counted_batch(batch.batch_id).await? else { return Ok(Next::Rest) };
    let mut held = counted.held;
    held.sort_unstable();
    held.truncate(usize::try_from(SLICE).unwrap_or(usize::MAX));
    if held.is_empty() {
        return go_on(hub, Batch { resuming: false, ..batch.clone() }, now).await;
    }
    let domain = hub.store.domain_cached(&batch.domain_name).await?;
    let (mut at, apart) = (batch.next_release_at.max(now), apart(hub, domain.as_deref()));
    let rows = hub.store.engagements_with(held.into_iter().map(|place| batch.row(place)).collect()).await?;
    let mut gone_on = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(row) = let_one_go_on(hub, row, at, now).await? {
            gone_on.push((row, at));
            at = at + apart;
        }
    }
    hand_over(hub, gone_on, now).await;
    go_on(hub, Batch { next_release_at: at, ..batch.clone() }, now).await
}

/// Lets one row go on; nothing where its owner did so before, or has ended it.
async fn let_one_go_on(
    hub: &Hub,
    row: Engagement,
    at: Moment,
    now: Moment,
) -> Result<Option<Box<Engagement>>, StoreError> {
    let (place, due_at) = (row.batch, hub.settings.pace.plan(at, now).due_at);
    match transition(hub, row, Event::LetGoOn { due_at }, &[]).await? {
        Ok(change) => Ok(Some(Box::new(change.engagement))),
        Err(_) => {
            if let Some(place) = place {
                hub.store.forget_held(&place).await?;
            }
            Ok(None)
        }
    }
}
