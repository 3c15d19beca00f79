//! When an engagement may go out: scheduled times and quiet hours.

use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::date_time::{DateTimeError, read_date_time};
use crate::moment::Moment;

/// How far ahead an engagement can be scheduled.
const FURTHEST: SignedDuration = SignedDuration::from_hours(366 * 24);

/// A scheduled time that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// It is no ISO 8601 date and time.
    #[error("must be an ISO 8601 date and time, such as 2026-06-19T14:30:00Z.")]
    Unreadable,
    /// It is no date and time in any usual form.
    #[error(transparent)]
    Unusual(#[from] DateTimeError),
    /// It is more than a year ahead.
    #[error("must be at most one year ahead.")]
    TooFar,
}

/// Reads a scheduled time as `/start` takes it: ISO 8601, UTC where it names no zone. A time that has passed is none: it means now.
///
/// # Errors
/// When it cannot be read or is more than a year ahead.
pub fn parse_scheduled_time(raw: &str, now: Moment) -> Result<Option<Moment>, ScheduleError> {
    let at = read(raw.trim()).ok_or(ScheduleError::Unreadable)?;
    ahead(at, now)
}

/// Reads a scheduled time as people and spreadsheet programs write it (see [`read_date_time`]), in this time zone where it
/// names none. A time that has passed is none: it means now.
///
/// # Errors
/// When it cannot be read or is more than a year ahead.
pub fn parse_local_time(raw: &str, zone: &TimeZone, now: Moment) -> Result<Option<Moment>, ScheduleError> {
    ahead(read_date_time(raw, zone)?, now)
}

fn ahead(at: Moment, now: Moment) -> Result<Option<Moment>, ScheduleError> {
    if at - now > FURTHEST { Err(ScheduleError::TooFar) } else { Ok((at > now).then_some(at)) }
}

fn read(raw: &str) -> Option<Moment> {
    let zoned = raw.parse::<Timestamp>().ok();
    let civil = || raw.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    zoned.or_else(civil).map(Moment::from)
}

/// How the hub paces what must happen later.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How long the queue has before the tick takes over.
    pub fast_path: SignedDuration,
    /// How far the tick looks ahead: what is due within it goes to the queue with a delay.
    pub look_ahead: SignedDuration,
    /// How long a dispatcher may keep a claim before it counts as lost.
    pub lease: SignedDuration,
    /// How long evidence of a lost claim is awaited.
    pub grace: SignedDuration,
}

/// When something happens, and which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// When the tick looks at it.
    pub due_at: Moment,
    /// The delay of the message that is sent for it now; none where the tick sends it when it is time.
    pub delay: Option<SignedDuration>,
}

/// The longest delay that a queue keeps a message back for, with a minute to spare.
const QUEUE_DELAY: SignedDuration = SignedDuration::from_mins(14);

impl Pace {
    /// The plan for something that is to happen at `at`.
    #[must_use]
    pub fn plan(&self, at: Moment, now: Moment) -> Plan {
        let at = at.max(now);
        if at - now <= QUEUE_DELAY {
            Plan { due_at: at + self.fast_path, delay: Some(at - now) }
        } else {
            Plan { due_at: at, delay: None }
        }
    }

    /// When what was planned so goes out: the tick's date, without the start that the queue has over it.
    #[must_use]
    pub fn goes_out_at(&self, due_at: Moment, now: Moment) -> Moment {
        let queued_for = due_at + -self.fast_path;
        if queued_for - now <= QUEUE_DELAY { queued_for } else { due_at }
    }
}

/// The hours of a day in which contacts are left in peace, in the domain's time zone; they may span midnight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// The first quiet minute, `21:00`.
    #[serde(with = "hour_and_minute")]
    pub start: Time,
    /// The first minute that is not quiet any more, `08:00`.
    #[serde(with = "hour_and_minute")]
    pub end: Time,
}

/// An hour that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be {{\"start\": \"HH:MM\", \"end\": \"HH:MM\"}} with two different times.")]
pub struct QuietHoursError;

impl QuietHours {
    /// Reads both ends as `HH:MM`.
    ///
    /// # Errors
    /// When one is no time of day, or both are the same.
    pub fn parse(start: &str, end: &str) -> Result<Self, QuietHoursError> {
        let time = |raw: &str| Time::strptime("%H:%M", raw).map_err(|_| QuietHoursError);
        let (start, end) = (time(start)?, time(end)?);
        if start == end { Err(QuietHoursError) } else { Ok(Self { start, end }) }
    }

    /// When the quiet that `now` lies in ends; nothing when it lies in none.
    #[must_use]
    pub fn end_of_quiet(&self, zone: &TimeZone, now: Moment) -> Option<Moment> {
        let local = now.timestamp().to_zoned(zone.clone());
        let time = local.time();
        let quiet = if self.start < self.end {
            self.start <= time && time < self.end
        } else {
            time >= self.start || time < self.end
        };
        if !quiet {
            return None;
        }
        let day = if time < self.end { local.date() } else { local.date().tomorrow().ok()? };
        day.to_datetime(self.end).to_zoned(zone.clone()).ok().map(|end| end.timestamp().into())
    }
}

mod hour_and_minute {
    use jiff::civil::Time;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(time: &Time, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&time.strftime("%H:%M"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
        Time::strptime("%H:%M", String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        text.parse().unwrap()
    }

    #[test]
    fn a_time_without_a_zone_is_utc() {
        let now = at("2026-06-18T12:00:00Z");
        let read = |raw| parse_scheduled_time(raw, now).unwrap().map(|moment| moment.to_string());
        assert_eq!(read("2026-06-18T15:00:00"), Some("2026-06-18T15:00:00.000Z".to_owned()));
        assert_eq!(read("2026-06-18T15:00:00+02:00"), Some("2026-06-18T13:00:00.000Z".to_owned()));
    }

    #[test]
    fn a_time_that_has_passed_means_now_and_two_years_are_too_far() {
        let now = at("2026-06-18T12:00:00Z");
        assert_eq!(parse_scheduled_time("2026-06-18T11:00:00Z", now), Ok(None));
        assert_eq!(parse_scheduled_time("2028-06-18T12:00:00Z", now), Err(ScheduleError::TooFar));
        assert_eq!(parse_scheduled_time("tomorrow", now), Err(ScheduleError::Unreadable));
    }

    #[test]
    fn quiet_hours_span_midnight_in_the_domains_zone() {
        let quiet = QuietHours::parse("21:00", "08:00").unwrap();
        let zone = TimeZone::get("America/Toronto").unwrap();
        let end = |text| quiet.end_of_quiet(&zone, at(text)).map(|moment| moment.to_string());
        assert_eq!(end("2026-06-18T16:00:00Z"), None);
        assert_eq!(end("2026-06-19T02:00:00Z"), Some("2026-06-19T12:00:00.000Z".to_owned()));
        assert_eq!(end("2026-06-19T11:59:59Z"), Some("2026-06-19T12:00:00.000Z".to_owned()));
        assert_eq!(end("2026-06-19T12:00:00Z"), None);
    }
}
