//! The tick: whatever is due and was not taken goes to its queue. Nothing that must happen is lost while this runs.

use futures::stream::{self, StreamExt};
use hub_models::engagement::{Engagement, Event, State};
use hub_models::id::{DeliveryId, EngagementId};
use hub_models::moment::Moment;
use hub_store::{Due, DueKind, StoreError};
use jiff::SignedDuration;
use tracing::Instrument;

use crate::Hub;
use crate::bulk;
use crate::enqueue::{enqueue, enqueue_delivery};
use crate::metrics::{self, OldestDue};
use crate::spans::{batch_span, delivery_span, draft_span, engagement_span};
use crate::transition::transition;

/// How many items of a shard one look takes.
const AT_ONCE: i32 = 250;

/// How many items are released side by side.
const SIDE_BY_SIDE: usize = 32;

/// How many looks one tick takes; what is left after that waits for the next.
const MOST_LOOKS: usize = 20;

/// When the tick looks again at something it has handed to a queue: long enough for a queue that is behind.
pub(crate) const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(5);

/// What a tick did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Released {
    /// Engagements, deliveries and batches that were handed to their queues.
    pub released: usize,
}

/// Releases everything that is due.
///
/// # Errors
/// When the table cannot be used; the next tick does what this one left.
pub async fn release_due(hub: &Hub) -> Result<Released, StoreError> {
    let (mut total, mut oldest) = (Released::default(), OldestDue::default());
    for _ in 0..MOST_LOOKS {
        let now = hub.clock.now();
        let due = hub.store.due(now + hub.settings.pace.look_ahead, AT_ONCE).await?;
        oldest.see(&due, now);
        let releases = stream::iter(due).map(|due| release(hub, due, now));
        let done: Vec<bool> = releases.buffer_unordered(SIDE_BY_SIDE).collect().await;
        let released = done.into_iter().filter(|done| *done).count();
        total.released += released;
        if released == 0 {
            break;
        }
    }
    oldest.tell();
    if total.released > 0 {
        tracing::info!(released = total.released, "what was due was handed to its queues");
    }
    Ok(total)
}

/// Releases one item. A fault of one must not keep the others back, so it is told to the log only.
async fn release(hub: &Hub, due: Due, now: Moment) -> bool {
    let (kind, span) = match due.kind {
        kind @ DueKind::Engagement(id) => (kind, engagement_span(id)),
        kind @ DueKind::Delivery(id) => (kind, delivery_span(id)),
        kind @ DueKind::Batch(id) => (kind, batch_span(id)),
        kind @ DueKind::Draft(id) => (kind, draft_span(id)),
    };
    let released = release_or_tell(hub, due, now).instrument(span).await;
    if released {
        metrics::released(kind);
    }
    released
}

async fn release_or_tell(hub: &Hub, due: Due, now: Moment) -> bool {
    let released = match due.kind {
        DueKind::Engagement(id) => release_engagement(hub, id, now).await,
        DueKind::Delivery(id) => release_delivery(hub, id, due.due_at, now).await,
        DueKind::Batch(id) => bulk::release_batch(hub, id, due.due_at, now).await,
        DueKind::Draft(id) => bulk::release_draft(hub, id, due.due_at, now).await,
    };
    released.unwrap_or_else(|error| {
        tracing::error!(%error, "not released; the next tick tries again");
        false
    })
}

async fn release_engagement(hub: &Hub, id: EngagementId, now: Moment) -> Result<bool, StoreError> {
    let Some(engagement) = hub.store.engagement(id).await? else {
        return Ok(false);
    };
    // The index is a moment behind the table; what has moved on meanwhile is not due any more.
    let Some(at) = engagement.due_at.filter(|at| *at < now + hub.settings.pace.look_ahead) else {
        return Ok(false);
    };
    if engagement.state == State::Dispatching {
        return Ok(look_after_claim(hub, &engagement, now).await);
    }
    // Handed over before its date is moved: where the queue is out of order, or this breaks off, the next tick sees it.
    if !enqueue(hub, &engagement, (at - now).max(SignedDuration::ZERO)).await {
        return Ok(false);
    }
    let look_again = at.max(now) + LOOK_AGAIN;
    let moved = transition(hub, engagement, Event::Released { look_again }, &[]).await?;
    Ok(moved.is_ok())
}

/// A claim within its lease is left alone; one that ran out is looked after by its dispatcher, which moves its date.
async fn look_after_claim(hub: &Hub, engagement: &Engagement, now: Moment) -> bool {
    let ran_out = engagement.claim.as_ref().is_some_and(|claim| now - claim.at >= hub.settings.pace.lease);
    if ran_out {
        enqueue(hub, engagement, SignedDuration::ZERO).await;
    }
    // The date has not moved yet, so this must not count as progress, or the tick would find it again at once.
    false
}

async fn release_delivery(hub: &Hub, id: DeliveryId, seen: Moment, now: Moment) -> Result<bool, StoreError> {
    let look_again = seen.max(now) + LOOK_AGAIN;
    let Some(delivery) = hub.store.put_off_delivery(id, seen, look_again).await? else {
        return Ok(false);
    };
    let handed_over = enqueue_delivery(hub, &delivery, (seen - now).max(SignedDuration::ZERO)).await;
    if !handed_over {
        hub.store.put_off_delivery(id, look_again, seen).await?;
    }
    Ok(handed_over)
}
