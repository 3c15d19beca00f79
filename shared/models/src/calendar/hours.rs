//! The hours of a week in which a calendar is open, by its wall clock.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Serialize};

use crate::channel::wire_words;

wire_words! {
    /// A day of the week.
    Weekday {
        /// The first.
        Monday = "monday",
        /// The second.
        Tuesday = "tuesday",
        /// The third.
        Wednesday = "wednesday",
        /// The fourth.
        Thursday = "thursday",
        /// The fifth.
        Friday = "friday",
        /// The sixth.
        Saturday = "saturday",
        /// The seventh.
        Sunday = "sunday",
    }
}

impl Weekday {
    /// The day of the week of a date.
    #[must_use]
    pub fn of(date: Date) -> Self {
        match date.weekday() {
            jiff::civil::Weekday::Monday => Self::Monday,
            jiff::civil::Weekday::Tuesday => Self::Tuesday,
            jiff::civil::Weekday::Wednesday => Self::Wednesday,
            jiff::civil::Weekday::Thursday => Self::Thursday,
            jiff::civil::Weekday::Friday => Self::Friday,
            jiff::civil::Weekday::Saturday => Self::Saturday,
            jiff::civil::Weekday::Sunday => Self::Sunday,
        }
    }
}

/// A minute of a day, from `00:00` to `24:00`, which is the end of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MinuteOfDay(u16);

/// A text that is no minute of a day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a time of day from 00:00 to 24:00, such as 09:30.")]
pub struct MinuteOfDayError;

impl MinuteOfDay {
    const END: u16 = 24 * 60;

    /// This minute of a date; `24:00` is the next one's midnight. None at the calendar's end.
    pub(super) fn on(self, date: Date) -> Option<DateTime> {
        if self.0 == Self::END {
            return Some(date.tomorrow().ok()?.to_datetime(Time::midnight()));
        }
        let (hour, minute) = (i8::try_from(self.0 / 60).ok()?, i8::try_from(self.0 % 60).ok()?);
        Some(date.to_datetime(Time::new(hour, minute, 0, 0).ok()?))
    }
}

impl FromStr for MinuteOfDay {
    type Err = MinuteOfDayError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (hours, minutes) = text.trim().split_once(':').ok_or(MinuteOfDayError)?;
        let number = |digits: &str| match digits.len() {
            1 | 2 if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok(),
            _ => None,
        };
        let (hours, minutes): (u16, u16) = number(hours).zip(number(minutes)).ok_or(MinuteOfDayError)?;
        let minute = hours * 60 + minutes;
        if minutes < 60 && minute <= Self::END { Ok(Self(minute)) } else { Err(MinuteOfDayError) }
    }
}

impl TryFrom<String> for MinuteOfDay {
    type Error = MinuteOfDayError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<MinuteOfDay> for String {
    fn from(minute: MinuteOfDay) -> Self {
        minute.to_string()
    }
}

impl fmt::Display for MinuteOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// From a minute of a day to a later one of the same day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HourSpan {
    start: MinuteOfDay,
    end: MinuteOfDay,
}

/// Hours that cannot be kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    /// It ends before it begins.
    #[error("must end later than they start, on the same day; 24:00 is the end of a day.")]
    Backwards,
    /// Two of a day have a minute in common.
    #[error("must not overlap each other.")]
    Overlapping,
    /// They are more than a day is divided into.
    #[error("must be at most {MOST_SPANS} a day.")]
    TooMany,
}

/// The most stretches of open hours of a day.
const MOST_SPANS: usize = 24;

impl HourSpan {
    /// From a minute of a day to a later one.
    ///
    /// # Errors
    /// When the second is not later.
    pub fn new(start: MinuteOfDay, end: MinuteOfDay) -> Result<Self, HoursError> {
        if start < end { Ok(Self { start, end }) } else { Err(HoursError::Backwards) }
    }

    /// Its first minute.
    #[must_use]
    pub const fn start(&self) -> MinuteOfDay {
        self.start
    }

    /// The first minute that is not in it any more.
    #[must_use]
    pub const fn end(&self) -> MinuteOfDay {
        self.end
    }
}

/// The open hours of each day of the week, in order; none of a day that is not named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WeeklyHours(BTreeMap<Weekday, Vec<HourSpan>>);

impl WeeklyHours {
    /// Adds the hours of a day, in any order.
    ///
    /// # Errors
    /// When they overlap each other, or are too many.
    pub fn set(&mut self, day: Weekday, mut spans: Vec<HourSpan>) -> Result<(), HoursError> {
        spans.sort();
        if spans.len() > MOST_SPANS {
            return Err(HoursError::TooMany);
        }
        if spans.windows(2).any(|pair| pair[1].start < pair[0].end) {
            return Err(HoursError::Overlapping);
        }
        self.0.insert(day, spans);
        Ok(())
    }

    /// The hours of a day of the week.
    #[must_use]
    pub fn on(&self, day: Weekday) -> &[HourSpan] {
        self.0.get(&day).map_or(&[], Vec::as_slice)
    }

    /// Whether it is never open.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.values().all(Vec::is_empty)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: &str, end: &str) -> HourSpan {
        HourSpan::new(start.parse().unwrap(), end.parse().unwrap()).unwrap()
    }

    #[test]
    fn a_minute_of_a_day_is_read_as_it_is_written() {
        for (text, shown) in [("9:05", "09:05"), ("00:00", "00:00"), ("23:59", "23:59"), (" 24:00 ", "24:00")] {
            assert_eq!(text.parse::<MinuteOfDay>().unwrap().to_string(), shown);
        }
        for bad in ["", "9", "24:01", "12:60", "+9:00", "009:00", "9:00 pm", "-1:00", "99:00"] {
            assert!(bad.parse::<MinuteOfDay>().is_err(), "{bad}");
        }
    }

    #[test]
    fn hours_of_a_day_are_kept_in_order_and_do_not_overlap() {
        let mut hours = WeeklyHours::default();
        hours.set(Weekday::Monday, vec![span("13:00", "17:00"), span("09:00", "13:00")]).unwrap();
        assert_eq!(hours.on(Weekday::Monday), [span("09:00", "13:00"), span("13:00", "17:00")]);
        let overlapping = vec![span("09:00", "13:00"), span("12:59", "17:00")];
        assert_eq!(hours.set(Weekday::Monday, overlapping), Err(HoursError::Overlapping));
        assert_eq!(HourSpan::new("09:00".parse().unwrap(), "09:00".parse().unwrap()), Err(HoursError::Backwards));
    }
}
