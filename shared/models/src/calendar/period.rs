//! A stretch of real time.

use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::moment::Moment;

/// The shortest booking.
pub const SHORTEST: SignedDuration = SignedDuration::from_mins(5);

/// The longest booking. It touches two days at most, wherever it begins.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(24);

/// From a moment to a later one; the first belongs to it, the last does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Period {
    starts_at: Moment,
    ends_at: Moment,
}

/// Two moments that no booking can lie between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// The end is not behind the start.
    #[error("must be later than starts_at.")]
    Backwards,
    /// It is shorter or longer than a booking can be.
    #[error("must be 5 minutes to 24 hours later than starts_at.")]
    Length,
}

impl Period {
    /// The time from a moment to a later one.
    ///
    /// # Errors
    /// When the second is not later.
    pub fn new(starts_at: Moment, ends_at: Moment) -> Result<Self, PeriodError> {
        if starts_at < ends_at { Ok(Self { starts_at, ends_at }) } else { Err(PeriodError::Backwards) }
    }

    /// The time of a booking, which is no shorter than [`SHORTEST`] and no longer than [`LONGEST`].
    ///
    /// # Errors
    /// When it is.
    pub fn of_booking(starts_at: Moment, ends_at: Moment) -> Result<Self, PeriodError> {
        let period = Self::new(starts_at, ends_at)?;
        if (SHORTEST..=LONGEST).contains(&period.length()) { Ok(period) } else { Err(PeriodError::Length) }
    }

    /// Its first moment.
    #[must_use]
    pub const fn starts_at(&self) -> Moment {
        self.starts_at
    }

    /// The first moment that is not in it any more.
    #[must_use]
    pub const fn ends_at(&self) -> Moment {
        self.ends_at
    }

    /// How long it is.
    #[must_use]
    pub fn length(&self) -> SignedDuration {
        self.ends_at - self.starts_at
    }

    /// Whether there is a moment in both.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.starts_at < other.ends_at && other.starts_at < self.ends_at
    }

    /// Whether every moment of the other is in this.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        self.starts_at <= other.starts_at && other.ends_at <= self.ends_at
    }

    /// The same with as much time before it and after it.
    #[must_use]
    pub fn with_margin(&self, margin: SignedDuration) -> Self {
        Self { starts_at: self.starts_at + -margin, ends_at: self.ends_at + margin }
    }

    /// The UTC days that it touches, in order.
    #[must_use]
    pub fn days(&self) -> Vec<Date> {
        let last = self.ends_at + SignedDuration::from_millis(-1);
        let [first, last] = [self.starts_at, last].map(|at| TimeZone::UTC.to_datetime(at.timestamp()).date());
        first.series(jiff::Span::new().days(1)).take_while(|day| *day <= last).collect()
    }
}

/// The same times without overlaps and in order: those that overlap or touch become one.
pub(super) fn merged(mut periods: Vec<Period>) -> Vec<Period> {
    periods.sort();
    let mut merged: Vec<Period> = Vec::with_capacity(periods.len());
    for period in periods {
        match merged.last_mut() {
            Some(last) if period.starts_at <= last.ends_at => last.ends_at = last.ends_at.max(period.ends_at),
            _ => merged.push(period),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(starts_at: &str, ends_at: &str) -> Period {
        Period::new(starts_at.parse().unwrap(), ends_at.parse().unwrap()).unwrap()
    }

    #[test]
    fn what_ends_when_another_begins_does_not_overlap_it() {
        let first = period("2026-06-19T09:00:00Z", "2026-06-19T10:00:00Z");
        assert!(!first.overlaps(&period("2026-06-19T10:00:00Z", "2026-06-19T11:00:00Z")));
        assert!(first.overlaps(&period("2026-06-19T09:59:00Z", "2026-06-19T11:00:00Z")));
    }

    #[test]
    fn a_period_that_ends_at_midnight_does_not_touch_the_next_day() {
        let days = |starts_at, ends_at| period(starts_at, ends_at).days().len();
        assert_eq!(days("2026-06-19T23:00:00Z", "2026-06-20T00:00:00Z"), 1);
        assert_eq!(days("2026-06-19T23:00:00Z", "2026-06-20T00:00:00.001Z"), 2);
    }

    #[test]
    fn a_booking_is_neither_of_a_minute_nor_of_two_days() {
        let start: Moment = "2026-06-19T09:00:00Z".parse().unwrap();
        let of = |minutes| Period::of_booking(start, start + SignedDuration::from_mins(minutes));
        assert_eq!(of(0), Err(PeriodError::Backwards));
        assert_eq!(of(1), Err(PeriodError::Length));
        assert_eq!(of(48 * 60), Err(PeriodError::Length));
        assert!(of(5).is_ok() && of(24 * 60).is_ok());
    }

    #[test]
    fn times_that_touch_become_one() {
        let (a, b) = ("2026-06-19T09:00:00Z", "2026-06-19T10:00:00Z");
        let (c, d) = ("2026-06-19T11:00:00Z", "2026-06-19T12:00:00Z");
        assert_eq!(merged(vec![period(b, c), period(a, b)]), [period(a, c)]);
        assert_eq!(merged(vec![period(c, d), period(a, b)]), [period(a, b), period(c, d)]);
    }
}
