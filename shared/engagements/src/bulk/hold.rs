//! What a dispatcher does with a row whose batch was held or called off, and how held rows go on.
//!
//! A row that was let go may be on its way when its batch is held. Its dispatcher reads the batch while it claims the row,
//! not after: a row whose dispatcher is at that very moment when a pause is answered may still go out. None that is claimed
//! later does.

use hub_models::batch::{Batch, BatchRow, BatchStatus};
use hub_models::engagement::{Engagement, Event, Wish};
use hub_models::id::EngagementId;
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
            let id = held.engagement_id;
            let mut gone_on = let_one_go_on(hub, held, now, now).await?;
            if gone_on.is_none() {
                hub.store.forget_held(&place).await?;
                // It may have been held anew just before that, and then this was its only mark.
                if let Some(row) = hub.store.engagement(id).await? {
                    gone_on = let_one_go_on(hub, row, now, now).await?;
                }
            }
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
    let (mut gone_on, mut stayed) = (Vec::with_capacity(rows.len()), Vec::new());
    for row in rows {
        let mark = row.batch.map(|place| (row.engagement_id, place));
        match let_one_go_on(hub, row, at, now).await? {
            Some(row) => {
                gone_on.push((row, at));
                at = at + apart;
            }
            None => stayed.extend(mark),
        }
    }
    for row in without_marks(hub, stayed).await? {
        if let Some(row) = let_one_go_on(hub, row, at, now).await? {
            gone_on.push((row, at));
            at = at + apart;
        }
    }
    hand_over(hub, gone_on, now).await;
    go_on(hub, Batch { next_release_at: at, ..batch.clone() }, now).await
}

/// Takes back that these rows wait, and gives them as they are then: one may have been held anew just before, and had no
/// other mark.
async fn without_marks(hub: &Hub, rows: Vec<(EngagementId, BatchRow)>) -> Result<Vec<Engagement>, StoreError> {
    for (_, place) in &rows {
        hub.store.forget_held(place).await?;
    }
    hub.store.engagements_with(rows.into_iter().map(|(id, _)| id).collect()).await
}

/// Lets one row go on; nothing where its owner did so before, or has ended it.
async fn let_one_go_on(
    hub: &Hub,
    row: Engagement,
    at: Moment,
    now: Moment,
) -> Result<Option<Box<Engagement>>, StoreError> {
    let due_at = hub.settings.pace.plan(at, now).due_at;
    let change = transition(hub, row, Event::LetGoOn { due_at }, &[]).await?;
    Ok(change.ok().map(|change| Box::new(change.engagement)))
}
