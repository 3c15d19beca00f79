//! Dates with a time of day as people and spreadsheet programs write them.

use jiff::civil::{Date, DateTime};
use jiff::fmt::rfc2822;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::moment::Moment;

/// A text that is no date with a time of day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateTimeError {
    /// It has none of the usual forms.
    #[error("must be a date and a time, such as 2026-06-19 14:30.")]
    Unreadable,
    /// It is a date alone: midnight is when nobody wants to be called.
    #[error("has no time of day; write it as 2026-06-19 14:30.")]
    NoTime,
    /// Its day stands before its month, with slashes between.
    #[error("must have the month before the day where slashes stand between them, or be written as 2026-06-19 14:30.")]
    DayFirst,
}

/// How dates are written: with slashes in America, with dots in Europe.
const DATES: [&str; 11] = [
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%m/%d/%y",
    "%m/%d/%Y",
    "%d.%m.%y",
    "%d.%m.%Y",
    "%d %b %Y",
    "%d-%b-%y",
    "%d-%b-%Y",
    "%b %d %Y",
    "%a %b %d %Y",
];

/// How times of day are written.
const TIMES: [&str; 5] = ["%I:%M %p", "%I:%M:%S %p", "%I %p", "%H:%M", "%H:%M:%S"];

/// Reads ISO 8601, RFC 2822, the usual forms of spreadsheet programs, and the number of days by which these count. What
/// names no time zone is in `zone`; a time that its clocks skip in spring is as much later.
///
/// # Errors
/// When it has none of these forms, or no time of day.
pub fn read_date_time(raw: &str, zone: &TimeZone) -> Result<Moment, DateTimeError> {
    let raw = raw.trim();
    if let Some(timestamp) = zoned(raw) {
        return Ok(timestamp.into());
    }
    let civil = civil(&plain(raw))?;
    civil.to_zoned(zone.clone()).map(|zoned| zoned.timestamp().into()).map_err(|_| DateTimeError::Unreadable)
}

/// The text with single blanks, without commas and the apostrophe of spreadsheet programs, months and days of the week with
/// three letters.
fn plain(raw: &str) -> String {
    let raw = raw.trim_start_matches('\'').replace(',', " ").replace("a.m.", "AM").replace("p.m.", "PM");
    let words = raw.split_whitespace().filter(|word| !word.eq_ignore_ascii_case("at"));
    let short = words.map(|word| if is_name(word) { &word[..3] } else { word });
    short.collect::<Vec<_>>().join(" ")
}

fn is_name(word: &str) -> bool {
    word.len() > 3 && word.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn zoned(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| rfc2822::parse(text).ok().map(|zoned| zoned.timestamp()))
}

fn civil(text: &str) -> Result<DateTime, DateTimeError> {
    if let Ok(serial) = text.parse::<f64>() {
        return of_serial(serial);
    }
    if DATES.iter().any(|date| Date::strptime(date, text).is_ok()) {
        return Err(DateTimeError::NoTime);
    }
    let iso = text.contains(':').then(|| text.parse().ok()).flatten();
    match iso.filter(of_our_time).or_else(|| written(&DATES, text)) {
        Some(found) => Ok(found),
        None if written(&["%d/%m/%y", "%d/%m/%Y"], text).is_some() => Err(DateTimeError::DayFirst),
        None => Err(DateTimeError::Unreadable),
    }
}

/// A year of two digits must not become one of the first century: it has passed, and what has passed goes out at once.
fn of_our_time(found: &DateTime) -> bool {
    found.year() >= 2000
}

fn written(dates: &[&str], text: &str) -> Option<DateTime> {
    let forms = dates.iter().flat_map(|date| TIMES.iter().map(move |time| format!("{date} {time}")));
    forms.filter_map(|form| DateTime::strptime(form, text).ok()).find(of_our_time)
}

/// Spreadsheet programs count the days since the end of 1899, and the day's part that has passed.
fn of_serial(serial: f64) -> Result<DateTime, DateTimeError> {
    const YEAR_2000: f64 = 36_526.0;
    const YEAR_2200: f64 = 109_574.0;
    if !(YEAR_2000..YEAR_2200).contains(&serial) {
        return Err(DateTimeError::Unreadable);
    }
    if serial.fract() == 0.0 {
        return Err(DateTimeError::NoTime);
    }
    let since = SignedDuration::from_secs_f64((serial * 86_400.0).round());
    DateTime::constant(1899, 12, 30, 0, 0, 0, 0).checked_add(since).map_err(|_| DateTimeError::Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, DateTimeError> {
        let zone = TimeZone::get("America/Toronto").unwrap();
        read_date_time(text, &zone).map(|moment| moment.to_string())
    }

    #[test]
    fn what_names_a_zone_is_read_in_it() {
        for text in [
            "2026-06-19T14:30:00Z",
            "2026-06-19T10:30:00-04:00",
            "2026-06-19 16:30+02:00",
            "Fri, 19 Jun 2026 10:30:00 -0400",
        ] {
            assert_eq!(read(text).as_deref(), Ok("2026-06-19T14:30:00.000Z"), "{text}");
        }
    }

    #[test]
    fn every_usual_form_is_read_in_the_domains_zone() {
        for text in [
            "2026-06-19T14:30",
            "2026-06-19T14:30:00",
            "2026-06-19 14:30",
            "2026-06-19 14:30:00.000",
            "2026-6-19 2:30 pm",
            "2026/06/19 14:30",
            "06/19/2026 14:30",
            "6/19/2026 2:30 PM",
            "6/19/26 2:30:00 PM",
            "6/19/2026, 2:30\u{202f}p.m.",
            "19.06.2026 14:30",
            "19.6.26 14:30:00",
            "19 Jun 2026 14:30",
            "19-Jun-26 14:30",
            "19-jun-2026 2:30PM",
            "June 19, 2026 at 2:30 PM",
            "Jun 19 2026, 2:30 pm",
            "Friday, June 19, 2026 2:30 PM",
            "'2026-06-19 14:30",
            "46192.604166666664",
        ] {
            assert_eq!(read(text).as_deref(), Ok("2026-06-19T18:30:00.000Z"), "{text}");
        }
        assert_eq!(read("6/19/2026 2 PM").as_deref(), Ok("2026-06-19T18:00:00.000Z"));
        assert_eq!(read("2026-12-19 14:30").as_deref(), Ok("2026-12-19T19:30:00.000Z"));
    }

    #[test]
    fn a_time_that_the_clocks_skip_is_as_much_later() {
        assert_eq!(read("2026-03-08 02:30").as_deref(), Ok("2026-03-08T07:30:00.000Z"));
    }

    #[test]
    fn what_could_be_misread_is_refused() {
        for text in ["2026-06-19", "6/19/2026", "19.06.2026", "June 19, 2026", "46192"] {
            assert_eq!(read(text), Err(DateTimeError::NoTime), "{text}");
        }
        for text in ["19/06/2026 14:30", "19/06/26 2:30 pm"] {
            assert_eq!(read(text), Err(DateTimeError::DayFirst), "{text}");
        }
        for text in
            ["tomorrow", "14:30", "2026-13-19 14:30", "2026-06-19 25:30", "0.604", "1.5e300", "NaN", "0026-06-19 14:30"]
        {
            assert_eq!(read(text), Err(DateTimeError::Unreadable), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn reading_a_time_never_panics(text in "[0-9/.: APMapmJunTZ+-]{0,30}") {
            let _ = read(&text);
        }
    }
}
