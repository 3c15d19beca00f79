//! The phrases of a booking: when it is, as it is written and spoken, and what is told about it (checklist D1, M6).

mod clock;
mod phrases;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::{fill, phrases_in};
use crate::calendar::{Booking, Weekday};
use crate::channel::Language;
use crate::moment::Moment;

/// How a language tells dates, and what it says about a booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appointment {
    /// From Monday.
    weekdays: [&'static str; 7],
    /// From January.
    months: [&'static str; 12],
    /// With `{weekday}`, `{day}`, `{month}` and `{year}`.
    date: &'static str,
    /// With `{date}` and `{time}`.
    when: &'static str,
    /// What stands between what a booking is about and when it is.
    comma: &'static str,
    /// With `{appointment}`, as the others.
    booked: &'static str,
    moved: &'static str,
    cancelled: &'static str,
    /// With `{link}`.
    add: &'static str,
}

/// When a booking is, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What it is about.
    pub title: Option<String>,
    /// `Friday, June 19, 2026`
    pub date: String,
    /// `2:30 PM`
    pub time: String,
    /// `Friday, June 19, 2026 at 2:30 PM`
    pub when: String,
    /// `Check-up, Friday, June 19, 2026 at 2:30 PM`; as `when` where nobody has said what it is about.
    pub appointment: String,
}

/// Tells a booking in a language, by the wall clock of a time zone.
#[must_use]
pub fn told(booking: &Booking, zone: &TimeZone, language: Language) -> Told {
    let (date, time, when) = Appointment::of(language).date_and_time(booking.period.starts_at(), zone, language);
    let title = booking.title.as_ref().map(|title| title.as_str().to_owned());
    let comma = Appointment::of(language).comma;
    let appointment = title.as_ref().map_or_else(|| when.clone(), |title| format!("{title}{comma}{when}"));
    Told { title, date, time, when, appointment }
}

/// Tells a moment in a language, by the wall clock of a time zone: `Friday, June 19, 2026 at 2:30 PM`.
#[must_use]
pub fn told_moment(at: Moment, zone: &TimeZone, language: Language) -> String {
    Appointment::of(language).date_and_time(at, zone, language).2
}

impl Appointment {
    /// The phrases of a language.
    #[must_use]
    pub const fn of(language: Language) -> &'static Self {
        phrases_in!(language)
    }

    /// Says that it is booked, without an end mark.
    #[must_use]
    pub fn booked(&self, told: &Told) -> String {
        fill(self.booked, &[("appointment", &told.appointment)])
    }

    /// Says that it was moved, without an end mark.
    #[must_use]
    pub fn moved(&self, told: &Told) -> String {
        fill(self.moved, &[("appointment", &told.appointment)])
    }

    /// Says that it was called off, without an end mark.
    #[must_use]
    pub fn cancelled(&self, told: &Told) -> String {
        fill(self.cancelled, &[("appointment", &told.appointment)])
    }

    /// Says where its calendar file is.
    #[must_use]
    pub fn add_to_calendar(&self, link: &str) -> String {
        fill(self.add, &[("link", link)])
    }

    fn date_and_time(&self, at: Moment, zone: &TimeZone, language: Language) -> (String, String, String) {
        let wall = zone.to_datetime(at.timestamp());
        let (date, time) = (self.date(wall, language), clock::time(wall.time(), language));
        let when = fill(clock::joined(self.when, wall.time(), language), &[("date", &date), ("time", &time)]);
        (date, time, when)
    }

    fn date(&self, wall: DateTime, language: Language) -> String {
        let weekday = self.weekdays[Weekday::of(wall.date()) as usize];
        let month = self.months[usize::try_from(wall.month() - 1).unwrap_or_default() % 12];
        let (day, year) = (clock::day(wall.day(), language), clock::number(wall.year().into(), language));
        fill(self.date, &[("weekday", weekday), ("day", &day), ("month", month), ("year", &year)])
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::wording::slots;

    fn when(at: &str, zone: &str, language: Language) -> String {
        told_moment(at.parse().unwrap(), &TimeZone::get(zone).unwrap(), language)
    }

    #[test]
    fn every_language_tells_a_date_and_a_time_in_its_own_way() {
        let told = Language::ALL.iter().map(|language| when("2026-06-19T18:30:00Z", "America/Toronto", *language));
        assert_eq!(
            told.collect::<Vec<_>>(),
            [
                "Friday, June 19, 2026 at 2:30 PM",
                "viernes, 19 de junio de 2026, a las 14:30",
                "vendredi 19 juin 2026 à 14\u{a0}h\u{a0}30",
                "Freitag, 19. Juni 2026, um 14:30 Uhr",
                "sexta-feira, 19 de junho de 2026, às 14h30",
                "2026年6月19日星期五下午2点30分",
                "جمعه ۱۹ ژوئن ۲۰۲۶، ساعت ۱۴:۳۰",
                "الجمعة 19 يونيو 2026، الساعة 2:30 مساءً",
                "शुक्रवार, 19 जून 2026 को दोपहर 2:30 बजे",
                "2026年6月19日（金曜日）午後2時30分",
                "2026년 6월 19일 금요일 오후 2시 30분",
            ]
        );
    }

    #[test]
    fn the_first_of_a_month_and_one_o_clock_have_their_own_words() {
        let at = |language| when("2026-11-01T12:00:00Z", "Etc/GMT-1", language);
        assert_eq!(at(Language::Fr), "dimanche 1er novembre 2026 à 13\u{a0}h");
        let at = |language| when("2026-11-01T00:05:00Z", "Etc/GMT-1", language);
        assert_eq!(at(Language::Es), "domingo, 1 de noviembre de 2026, a la 1:05");
        assert_eq!(at(Language::Pt), "domingo, 1 de novembro de 2026, à 1h05");
    }

    #[test]
    fn midnight_and_noon_are_told_apart() {
        let told = |at: &str, language| told_at(at, language);
        for (language, midnight, noon) in [
            (Language::En, "12:00 AM", "12:00 PM"),
            (Language::De, "0 Uhr", "12 Uhr"),
            (Language::Zh, "凌晨0点", "中午12点"),
            (Language::Ar, "12:00 صباحًا", "12:00 ظهرًا"),
            (Language::Hi, "रात 12 बजे", "दोपहर 12 बजे"),
            (Language::Ja, "午前0時", "午後0時"),
            (Language::Ko, "오전 12시", "오후 12시"),
        ] {
            assert_eq!(told("2026-06-19T00:00:00Z", language), midnight, "{language}");
            assert_eq!(told("2026-06-19T12:00:00Z", language), noon, "{language}");
        }
    }

    fn told_at(at: &str, language: Language) -> String {
        Appointment::of(language).date_and_time(at.parse().unwrap(), &TimeZone::UTC, language).1
    }

    #[test]
    fn every_phrase_has_the_slots_that_are_filled() {
        for language in Language::ALL {
            let Appointment { date, when, booked, moved, cancelled, add, .. } = *Appointment::of(*language);
            let mut of_date = slots(date);
            of_date.sort_unstable();
            assert_eq!(of_date, ["day", "month", "weekday", "year"], "{language}");
            assert_eq!(slots(when), ["date", "time"], "{language}");
            for phrase in [booked, moved, cancelled] {
                assert_eq!(slots(phrase), ["appointment"], "{language}");
            }
            assert_eq!(slots(add), ["link"], "{language}");
        }
    }

    #[test]
    fn no_language_says_the_same_of_two_things_or_as_another_does() {
        let all: Vec<&str> = Language::ALL
            .iter()
            .flat_map(|language| {
                let Appointment { booked, moved, cancelled, add, .. } = *Appointment::of(*language);
                [booked, moved, cancelled, add]
            })
            .collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        for language in Language::ALL {
            let Appointment { weekdays, months, .. } = *Appointment::of(*language);
            assert_eq!(weekdays.iter().collect::<BTreeSet<_>>().len(), 7, "{language}");
            assert_eq!(months.iter().collect::<BTreeSet<_>>().len(), 12, "{language}");
        }
    }
}
