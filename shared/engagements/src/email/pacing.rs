//! Keeping to what the mail service takes, over all tenants and functions: emails wait for their turn and do not fail.
//!
//! A sender waits a few seconds for its turn, then goes back to the queue, which is fair between tenants. Batch rows
//! reserve turns less far ahead, so single emails find one free.

use std::time::Duration;

use hub_channels::ses::{Allowance, Quota};
use hub_models::engagement::{Engagement, Hindrance};
use hub_models::moment::Moment;
use hub_store::{SendingLine, StoreError, Turns, TurnsWanted};
use jiff::SignedDuration;
use tokio::sync::Mutex;

use crate::Hub;
use crate::pacing::{Turn, crowded, micros, micros_of, patience_of};

/// How long what the mail service says of its quota is believed. It answers such questions about once a second.
const BELIEVED_FOR: SignedDuration = SignedDuration::from_mins(5);

/// The same where nearly all of a day's quota is used, or the question was not answered.
const BELIEVED_SHORTLY: SignedDuration = SignedDuration::from_secs(30);

/// How soon the question may be put again, however often the mail service turns out to be busy.
const ASKED_AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(5);

/// How long emails wait that must not go out for now, whatever their turn.
const HELD_FOR: SignedDuration = SignedDuration::from_mins(10);

/// The most writes a second by which turns are taken. A faster service gives several turns for one write.
const MOST_WRITES: u64 = 50;

/// Turns are a little further apart than they need be: the way to the mail service is not always equally long.
const SPARE_PERCENT: i64 = 105;

/// Why an email waits that found no turn.
const WAITS: &str = "The mail service takes only so many emails a second, and many are waiting.";

/// The turns of this process.
#[derive(Debug, Default)]
pub struct Pacer(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// What the mail service said last, if it ever said anything.
    quota: Option<Quota>,
    /// When it was asked, and until when it is not asked again.
    asked: Option<(Moment, Moment)>,
    /// Turns that were taken and not used yet, in microseconds since 1970.
    taken: Option<Taken>,
}

#[derive(Clone, Copy, Debug)]
struct Taken {
    next: i64,
    left: u64,
    apart: i64,
}

/// Whether anything may go out for now: asked before an email is made, which may have to be written first.
pub(super) async fn may_leave(hub: &Hub) -> Turn {
    let now = hub.clock.now();
    let quota = hub.pacer.0.lock().await.quota(hub, now).await;
    let held = quota.as_ref().and_then(held);
    held.map_or(Turn::Now, |(hindrance, reason)| Turn::Later {
        until: now + HELD_FOR,
        hindrance,
        reason: reason.to_owned(),
    })
}

/// Waits for an email's turn, right before it is handed over, or says that it must wait elsewhere.
///
/// Who has found no turn before waits longer, so that many who wait do not keep each other from it.
pub(super) async fn next_turn(hub: &Hub, engagement: &Engagement) -> Result<Turn, StoreError> {
    let (now, patience) = (hub.clock.now(), patience_of(hub, engagement));
    let turn = {
        let mut state = hub.pacer.0.lock().await;
        match state.quota(hub, now).await.map(|quota| quota.per_second) {
            Some(Allowance::AtMost(per_second)) => state.turn(hub, per_second.max(1), patience, now).await?,
            Some(Allowance::Unlimited) | None => return Ok(Turn::Now),
        }
    };
    let at = match turn {
        Ok(at) => at,
        Err(until) => return Ok(crowded(until, engagement.attempt, WAITS)),
    };
    if let Ok(wait @ 1..) = u64::try_from(at - micros(now)) {
        tokio::time::sleep(Duration::from_micros(wait)).await;
    }
    Ok(Turn::Now)
}

/// Makes this process ask anew soon: the mail service took less than it had said.
pub(super) async fn ask_again(hub: &Hub) {
    let mut state = hub.pacer.0.lock().await;
    state.asked = state.asked.map(|(at, until)| (at, until.min(at + ASKED_AGAIN_AFTER)));
}

/// What keeps every email back.
fn held(quota: &Quota) -> Option<(Hindrance, &'static str)> {
    if !quota.sending_enabled {
        let reason = "The mail service has paused sending; the hub's operator sees why.";
        return Some((Hindrance::SendingPaused, reason));
    }
    let Allowance::AtMost(per_day) = quota.per_day else { return None };
    let used_up = quota.sent_today >= per_day;
    used_up.then_some((Hindrance::QuotaUsedUp, "The mail service's quota of emails in 24 hours is used up."))
}

impl State {
    /// The quota, unless nobody knows it: then the mail service's answers have to do.
    async fn quota(&mut self, hub: &Hub, now: Moment) -> Option<Quota> {
        if self.asked.is_some_and(|(at, until)| at <= now && now < until) {
            return self.quota;
        }
        let believed_for = match hub.mailer.quota().await {
            Ok(quota) => believed_for(self.quota.insert(quota)),
            Err(error) => {
                tracing::warn!(%error, "the sending quota is not known");
                BELIEVED_SHORTLY
            }
        };
        self.asked = Some((now, now + believed_for));
        self.quota
    }

    /// When the next email may go out; or until when all turns are taken.
    async fn turn(
        &mut self,
        hub: &Hub,
        per_second: u64,
        patience: SignedDuration,
        now: Moment,
    ) -> Result<Result<i64, i64>, StoreError> {
        let now = micros(now);
        if let Some(taken) = self.taken.filter(|taken| taken.left > 0 && taken.next + taken.apart >= now) {
            self.taken = Some(Taken { next: taken.next + taken.apart, left: taken.left - 1, ..taken });
            return Ok(Ok(taken.next));
        }
        let count = per_second.div_ceil(MOST_WRITES);
        let apart = 10_000 * SPARE_PERCENT / i64::try_from(per_second).unwrap_or(i64::MAX).max(1);
        let span = apart * i64::try_from(count).unwrap_or(1);
        let quiet = self.taken.is_none_or(|taken| taken.next <= now);
        let horizon = micros_of(patience);
        match hub.store.take_turns(SendingLine::Emails, TurnsWanted { now, span, horizon, quiet }).await? {
            Turns::TakenUntil(until) => Ok(Err(until)),
            Turns::From(start) => {
                self.taken = Some(Taken { next: start + apart, left: count - 1, apart });
                Ok(Ok(start))
            }
        }
    }
}

fn believed_for(quota: &Quota) -> SignedDuration {
    match quota.per_day {
        Allowance::AtMost(per_day) if quota.sent_today.saturating_mul(10) >= per_day.saturating_mul(9) => {
            BELIEVED_SHORTLY
        }
        Allowance::AtMost(_) | Allowance::Unlimited => BELIEVED_FOR,
    }
}
