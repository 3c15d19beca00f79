//! When a calendar is open in real time, also on the days on which the clocks are changed.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::hours::{HourSpan, Weekday};
use super::period::{Period, merged};
use super::settings::Calendar;

/// Why a calendar does not take a booking at a time that nobody else has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Closed {
    /// It lies outside of the hours, in part at least.
    #[error("lies outside of the calendar's hours.")]
    OutOfHours,
    /// It overlaps a blocked time.
    #[error("lies in a time that is blocked in the calendar.")]
    Blocked,
}

/// What a time of the wall clock is in real time.
enum Instant {
    /// It comes once.
    Once(Timestamp),
    /// It comes twice, because the clocks go back over it, which they do in between.
    Twice { first: Timestamp, turn: Timestamp, second: Timestamp },
}

impl Calendar {
    /// Whether it takes bookings throughout this time.
    ///
    /// # Errors
    /// When it does not, and why.
    pub fn is_open(&self, period: &Period) -> Result<(), Closed> {
        let zone = self.time_zone.zone();
        let open: Vec<Period> = days_of(period, &zone).flat_map(|day| self.open_on(day, &zone)).collect();
        if !merged(open).iter().any(|open| open.contains(period)) {
            return Err(Closed::OutOfHours);
        }
        let blocked = self.blocked.iter().any(|block| block.period.overlaps(period));
        if blocked { Err(Closed::Blocked) } else { Ok(()) }
    }

    /// The open hours of a date in real time, in order.
    pub(super) fn open_on(&self, date: Date, zone: &TimeZone) -> Vec<Period> {
        let spans = self.hours.on(Weekday::of(date));
        spans.iter().flat_map(|span| in_real_time(span, date, zone)).collect()
    }
}

/// The dates of the wall clock that a time touches.
pub(super) fn days_of(period: &Period, zone: &TimeZone) -> impl Iterator<Item = Date> {
    let [first, last] = [period.starts_at(), period.ends_at()].map(|at| zone.to_datetime(at.timestamp()).date());
    first.series(jiff::Span::new().days(1)).take_while(move |day| *day <= last)
}

/// Open hours of a date in real time: whenever the wall clock shows a time of these hours. That is once, but for hours that
/// begin or end in the time that comes twice, and never where the clocks skip all of them.
fn in_real_time(span: &HourSpan, date: Date, zone: &TimeZone) -> Vec<Period> {
    let ends = [span.start().on(date), span.end().on(date)].map(|wall| instant(wall?, zone));
    let [Some(start), Some(end)] = ends else { return Vec::new() };
    let stretches = match (start, end) {
        (Instant::Once(start), Instant::Once(end)) => vec![(start, end)],
        (Instant::Once(start), Instant::Twice { first, turn, second }) => vec![(start, first), (turn, second)],
        (Instant::Twice { first, turn, second }, Instant::Once(end)) => vec![(first, turn), (second, end)],
        (Instant::Twice { first: a, second: c, .. }, Instant::Twice { first: b, second: d, .. }) => {
            vec![(a, b), (c, d)]
        }
    };
    let periods = stretches.into_iter().filter_map(|(start, end)| Period::new(start.into(), end.into()).ok());
    merged(periods.collect())
}

/// A time that the clocks skip is the moment at which they do.
fn instant(wall: DateTime, zone: &TimeZone) -> Option<Instant> {
    let ambiguous = zone.to_ambiguous_timestamp(wall);
    let turn_after = |at: Timestamp| zone.following(at).next().map(|turn| turn.timestamp());
    Some(match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { offset } => Instant::Once(offset.to_timestamp(wall).ok()?),
        AmbiguousOffset::Gap { .. } => Instant::Once(turn_after(ambiguous.earlier().ok()?)?),
        AmbiguousOffset::Fold { .. } => {
            let (first, second) = (ambiguous.earlier().ok()?, ambiguous.later().ok()?);
            Instant::Twice { first, turn: turn_after(first)?, second }
        }
    })
}
