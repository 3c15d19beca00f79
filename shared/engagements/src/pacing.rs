//! Waiting for a turn, where a provider takes only so much a second.

use hub_models::engagement::{Engagement, Hindrance};
use hub_models::moment::Moment;
use jiff::SignedDuration;

use crate::Hub;

/// The longest that one email waits here for its turn. With its writer and the mail service it stays within the 29 s of
/// a request.
const PATIENCE: SignedDuration = SignedDuration::from_secs(4);

/// How much shorter the rows of a batch wait: turns beyond that are free for single emails, of whichever tenant.
const ROWS_WAIT_SHORTER: i32 = 4;

/// Whether an email, a call or a message may go out.
pub(crate) enum Turn {
    /// It may.
    Now,
    /// Not before `until`.
    Later {
        /// When it may be tried again.
        until: Moment,
        /// What keeps it back.
        hindrance: Hindrance,
        /// Why, in words.
        reason: String,
    },
}

/// The longest that anything waits here for its turn: what was started alone, and a reply to who has written.
pub(crate) fn patience(hub: &Hub) -> SignedDuration {
    PATIENCE.min(hub.settings.pace.lease / 2)
}

/// The longest that this engagement waits here for its turn.
pub(crate) fn patience_of(hub: &Hub, engagement: &Engagement) -> SignedDuration {
    if engagement.batch.is_some() { patience(hub) / ROWS_WAIT_SHORTER } else { patience(hub) }
}

/// Those who find no turn come back at different times.
pub(crate) fn crowded(taken_until: i64, attempt: u32, reason: &str) -> Turn {
    let longest = SignedDuration::from_secs(30) * i32::try_from(attempt.clamp(1, 20)).unwrap_or(20);
    let later = longest.mul_f64(rand::random());
    let until = Moment::from_millisecond(taken_until / 1_000) + later;
    Turn::Later { until, hindrance: Hindrance::NoTurn, reason: reason.to_owned() }
}

pub(crate) fn micros(moment: Moment) -> i64 {
    moment.as_millisecond() * 1_000
}

pub(crate) fn micros_of(duration: SignedDuration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
