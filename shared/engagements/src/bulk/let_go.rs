//! Letting rows go at the domain's rate, evenly spread (checklist I6).
//!
//! A row gets its date before the batch moves past it, and only once. So a slice that broke off is gone through again:
//! what was let go already keeps its date, and the others get theirs.
//!
//! Rows go out in the order of their places, which foresees quiet hours. Where the line moves otherwise than was foreseen,
//! because the batch was paused or the domain's settings changed, a row that has to wait holds up those behind it.

use std::collections::HashMap;

use futures::stream::{self, StreamExt, TryStreamExt};
use hub_channels::queue::{Queue, QueueMessage};
use hub_models::batch::{Batch, RowStage};
use hub_models::domain::Domain;
use hub_models::engagement::{Engagement, Event, Refusal};
use hub_models::moment::Moment;
use hub_store::StoreError;
use jiff::SignedDuration;

use super::advance::{Next, go_on};
use crate::Hub;
use crate::dispatch::Job;
use crate::transition::transition;

/// How many rows one step lets go.
pub(super) const SLICE: u32 = 100;

/// How many of them side by side.
const SIDE_BY_SIDE: usize = 32;

/// Rows whose turn comes within this time are let go; their messages wait for it in their queue. So not many rows are
/// beyond a pause's reach, and a batch is not woken for each row.
const AHEAD: SignedDuration = SignedDuration::from_secs(60);

/// How long before the next row's turn the batch is woken.
const WOKEN_AHEAD: SignedDuration = SignedDuration::from_secs(30);

/// How long a batch waits before it looks again whether its domain's engagements are still paused.
const WHILE_PAUSED: SignedDuration = SignedDuration::from_secs(30);

/// A row with the time at which it may go out.
struct Turn {
    row: Engagement,
    at: Moment,
}

/// The rows whose turn comes, and when the turn of the one after them does.
struct Slice {
    turns: Vec<Turn>,
    /// Rows that had ended before their turn, which take none.
    withdrawn: u32,
    next_release_at: Moment,
}

/// Lets the next rows go.
pub(super) async fn let_slice_go(hub: &Hub, batch: &Batch) -> Result<Next, StoreError> {
    let now = hub.clock.now();
    let domain = hub.store.domain_cached(&batch.domain_name).await?;
    if domain.as_ref().is_some_and(|domain| domain.engagement_hub_paused) {
        return go_on(hub, batch.clone(), now + WHILE_PAUSED).await;
    }
    let domain = domain.as_deref();
    let end = batch.rows.min(batch.released.saturating_add(SLICE));
    let rows = hub.store.rows(batch, batch.released..end).await?;
    let line = Line { first: batch.next_release_at.max(now), apart: apart(hub, domain), horizon: now + AHEAD };
    let slice = take_turns(rows, domain, line);
    let last_at = slice.turns.last().map_or(now, |turn| turn.at);
    let passed = u32::try_from(slice.turns.len()).unwrap_or(u32::MAX) + slice.withdrawn;
    let withdrawn = slice.withdrawn + let_go(hub, slice.turns, now).await?;
    let released = batch.released + passed;
    let next = Batch {
        released,
        passed_over: batch.passed_over + withdrawn,
        next_release_at: slice.next_release_at,
        ending_since: (released == batch.rows).then_some(last_at),
        ..batch.clone()
    };
    let wake = if released == batch.rows { now } else { now.max(slice.next_release_at + -WOKEN_AHEAD) };
    go_on(hub, next, wake).await
}

/// How far apart rows go out, by the domain's settings as they are now.
pub(super) fn apart(hub: &Hub, domain: Option<&Domain>) -> SignedDuration {
    let limit = domain.and_then(|domain| domain.bulk_call_rate_limit);
    let a_minute = limit.unwrap_or(hub.settings.bulk_call_rate_limit).max(1);
    SignedDuration::from_nanos(60_000_000_000 / i64::from(a_minute))
}

/// When a row can go out at `at` or later: not before its scheduled time, and not in its domain's quiet hours. A test
/// disturbs nobody.
pub(super) fn earliest(row: &Engagement, domain: Option<&Domain>, at: Moment) -> Moment {
    let at = row.scheduled_time.map_or(at, |time| time.max(at));
    let quiet = domain.filter(|_| !row.test_mode).and_then(|domain| domain.quiet_until(row.channel, at));
    quiet.unwrap_or(at)
}

/// The line in which rows go out.
#[derive(Clone, Copy)]
struct Line {
    /// When the next one may.
    first: Moment,
    /// How far apart they are.
    apart: SignedDuration,
    /// From when on they have to wait.
    horizon: Moment,
}

/// Gives each row its time, until one would go out after the horizon. What an earlier try of the slice has let go keeps
/// its place in the line, so that the others do not come closer together.
fn take_turns(rows: Vec<Engagement>, domain: Option<&Domain>, line: Line) -> Slice {
    let mut slice = Slice { turns: Vec::with_capacity(rows.len()), withdrawn: 0, next_release_at: line.first };
    for row in rows {
        if row.batch.is_some_and(|row| row.stage == RowStage::Withdrawn) {
            slice.withdrawn += 1;
            continue;
        }
        let at = earliest(&row, domain, slice.next_release_at);
        if at >= line.horizon {
            slice.next_release_at = at;
            break;
        }
        slice.next_release_at = at + line.apart;
        slice.turns.push(Turn { row, at });
    }
    slice
}

/// Lets rows go and hands them to their queues. Gives how many of them turned out to have ended before their turn.
async fn let_go(hub: &Hub, turns: Vec<Turn>, now: Moment) -> Result<u32, StoreError> {
    let gone: Vec<_> = turns.into_iter().map(|turn| let_one_go(hub, turn, now)).collect();
    let gone: Vec<LetGo> = stream::iter(gone).buffer_unordered(SIDE_BY_SIDE).try_collect().await?;
    let withdrawn = gone.iter().filter(|one| matches!(one, LetGo::Withdrawn)).count();
    let sendable = gone.into_iter().filter_map(|one| match one {
        LetGo::Now { row, at } => Some((row, at)),
        LetGo::Before | LetGo::Withdrawn => None,
    });
    hand_over(hub, sendable, now).await;
    Ok(u32::try_from(withdrawn).unwrap_or(u32::MAX))
}

enum LetGo {
    Now { row: Box<Engagement>, at: Moment },
    Before,
    Withdrawn,
}

async fn let_one_go(hub: &Hub, turn: Turn, now: Moment) -> Result<LetGo, StoreError> {
    let Turn { row, at } = turn;
    let due_at = hub.settings.pace.plan(at, now).due_at;
    Ok(match transition(hub, row, Event::LetGo { due_at }, &[]).await? {
        Ok(change) => LetGo::Now { row: Box::new(change.engagement), at },
        Err(Refusal::Final(_)) => LetGo::Withdrawn,
        Err(Refusal::AlreadySo | Refusal::NotNow(_)) => LetGo::Before,
    })
}

/// Puts rows that have a date into their queues, to come out at their time. What a queue does not take the tick finds.
pub(super) async fn hand_over(hub: &Hub, rows: impl IntoIterator<Item = (Box<Engagement>, Moment)>, now: Moment) {
    let mut by_queue: HashMap<Queue, Vec<QueueMessage>> = HashMap::new();
    for (row, at) in rows {
        if row.due_at.is_none() {
            continue;
        }
        match QueueMessage::new(&Job::of(&row, at.max(now)), &row.domain_name, (at - now).max(SignedDuration::ZERO)) {
            Ok(message) => by_queue.entry(Queue::of(row.channel)).or_default().push(message),
            Err(error) => tracing::error!(engagement_id = %row.engagement_id, %error, "not enqueued"),
        }
    }
    for (queue, messages) in by_queue {
        if let Err(error) = hub.queues.send_all(queue, &messages).await {
            tracing::warn!(?queue, %error, "not enqueued; the tick will release them");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hub_models::batch::BatchRow;
    use hub_models::channel::Channel;
    use hub_models::id::{AccountId, BatchId, EngagementId};
    use hub_models::schedule::QuietHours;

    fn at(second: i64) -> Moment {
        Moment::from_millisecond(second * 1_000)
    }

    fn domain() -> Domain {
        Domain::new("acme".parse().unwrap(), AccountId::random(), at(0))
    }

    fn row(place: u32, stage: RowStage, scheduled_time: Option<Moment>) -> Engagement {
        let batch = Some(BatchRow { batch_id: BatchId::random(), number: place + 1, place, stage });
        let example = Engagement::example(EngagementId::random(), &domain(), at(0));
        Engagement { batch, scheduled_time, test_mode: false, ..example }
    }

    fn line(apart: i64, horizon: i64) -> Line {
        Line { first: at(100), apart: SignedDuration::from_secs(apart), horizon: at(horizon) }
    }

    fn times(slice: &Slice) -> Vec<Moment> {
        slice.turns.iter().map(|turn| turn.at).collect()
    }

    #[test]
    fn rows_go_out_evenly_until_the_horizon() {
        let rows = (0..5).map(|place| row(place, RowStage::Waiting, None)).collect();
        let slice = take_turns(rows, None, line(20, 160));
        assert_eq!(times(&slice), [at(100), at(120), at(140)]);
        assert_eq!(slice.next_release_at, at(160));
    }

    #[test]
    fn a_scheduled_row_goes_out_at_its_time_and_those_after_it_keep_their_distance() {
        let rows = [None, Some(at(130)), Some(at(131))];
        let rows = (0..).zip(rows).map(|(place, time)| row(place, RowStage::Waiting, time)).collect();
        assert_eq!(times(&take_turns(rows, None, line(10, 200))), [at(100), at(130), at(140)]);
    }

    #[test]
    fn a_withdrawn_row_takes_no_turn_and_a_row_that_was_let_go_keeps_its_own() {
        let stages = [RowStage::Withdrawn, RowStage::Released, RowStage::Waiting];
        let rows = (0..).zip(stages).map(|(place, stage)| row(place, stage, None)).collect();
        let slice = take_turns(rows, None, line(10, 200));
        assert_eq!((times(&slice), slice.withdrawn), (vec![at(100), at(110)], 1));
    }

    #[test]
    fn calls_wait_for_the_end_of_quiet_hours_and_go_out_at_the_rate_then() {
        let domain = Domain { quiet_hours: QuietHours::parse("00:00", "00:10").ok(), ..domain() };
        let call = |place| Engagement { channel: Channel::Phone, ..row(place, RowStage::Waiting, None) };
        let slice = take_turns(vec![call(0), call(1)], Some(&domain), line(10, 700));
        assert_eq!(times(&slice), [at(600), at(610)]);
        let email = row(0, RowStage::Waiting, None);
        assert_eq!(earliest(&email, Some(&domain), at(100)), at(100));
    }
}
