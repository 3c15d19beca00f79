//! The slots of a calendar that are still free.

use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::open::days_of;
use super::period::{Period, merged};
use super::settings::Calendar;
use crate::moment::Moment;

impl Calendar {
    /// The slots that begin in this time and that neither a booking nor a block is in the way of, in order.
    ///
    /// Slots follow each other from the beginning of the hours, with the buffer between them. All are of full length in
    /// real time. A slot whose beginning the wall clock shows for the second time, because the clocks went back, is left
    /// out: nobody could tell which of the two is meant.
    pub fn free_slots(&self, within: Period, taken: &[Period]) -> impl Iterator<Item = Period> {
        let zone = self.time_zone.zone();
        let in_the_way = self.in_the_way(taken);
        let days: Vec<Date> = days_of(&within, &zone).collect();
        let open = days.into_iter().flat_map({
            let zone = zone.clone();
            move |day| self.open_on(day, &zone)
        });
        let slots = open.flat_map(|open| self.slots(open));
        slots
            .skip_while(move |slot| slot.starts_at() < within.starts_at())
            .take_while(move |slot| slot.starts_at() < within.ends_at())
            .filter(move |slot| is_clear(&in_the_way, slot) && is_told_once(slot.starts_at(), &zone))
    }

    /// The slots of open hours, one after the other.
    fn slots(&self, open: Period) -> impl Iterator<Item = Period> {
        let (length, buffer) = (self.slot_minutes.duration(), self.buffer_minutes.duration());
        let first = Period::new(open.starts_at(), open.starts_at() + length).ok();
        let next = move |slot: &Period| Period::new(slot.ends_at() + buffer, slot.ends_at() + buffer + length).ok();
        std::iter::successors(first, next).take_while(move |slot| open.contains(slot))
    }

    /// Where no slot can lie: the bookings with the buffer around them, and the blocks.
    fn in_the_way(&self, taken: &[Period]) -> Vec<Period> {
        let buffer: SignedDuration = self.buffer_minutes.duration();
        let booked = taken.iter().map(|period| period.with_margin(buffer));
        merged(booked.chain(self.blocked.iter().map(|block| block.period)).collect())
    }
}

/// `merged` is in order and has no overlaps, so only the first one that ends late enough can be in the way.
fn is_clear(merged: &[Period], slot: &Period) -> bool {
    let first = merged.partition_point(|period| period.ends_at() <= slot.starts_at());
    merged.get(first).is_none_or(|period| !period.overlaps(slot))
}

fn is_told_once(at: Moment, zone: &TimeZone) -> bool {
    let ambiguous = zone.to_ambiguous_timestamp(zone.to_datetime(at.timestamp()));
    match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { .. } => true,
        // The first of the two is as good as any: it is the only one that is offered.
        AmbiguousOffset::Fold { .. } | AmbiguousOffset::Gap { .. } => {
            ambiguous.earlier().is_ok_and(|earlier| Moment::from(earlier) == at)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::civil::Time;
    use proptest::prelude::*;

    use super::*;
    use crate::calendar::{Block, HourSpan, Weekday, WeeklyHours};

    fn calendar(zone: &str, hours: &[(&str, &str)], slot: u32, buffer: u32) -> Calendar {
        let spans = hours.iter().map(|(start, end)| HourSpan::new(start.parse().unwrap(), end.parse().unwrap()));
        let spans: Vec<HourSpan> = spans.map(Result::unwrap).collect();
        let mut hours = WeeklyHours::default();
        Weekday::ALL.iter().for_each(|day| hours.set(*day, spans.clone()).unwrap());
        Calendar {
            time_zone: zone.parse().unwrap(),
            hours,
            slot_minutes: slot.try_into().unwrap(),
            buffer_minutes: buffer.try_into().unwrap(),
            blocked: Vec::new(),
            updated_at: Moment::from_millisecond(0),
            version: 1,
        }
    }

    fn period(starts_at: &str, ends_at: &str) -> Period {
        Period::new(starts_at.parse().unwrap(), ends_at.parse().unwrap()).unwrap()
    }

    /// The free slots of a day in Toronto by its wall clock, with their offset from UTC.
    fn told(calendar: &Calendar, day: &str, taken: &[Period]) -> Vec<String> {
        let zone = calendar.time_zone.zone();
        let date: Date = day.parse().unwrap();
        let midnight = |date: Date| Moment::from(date.to_zoned(zone.clone()).unwrap().timestamp());
        let within = Period::new(midnight(date), midnight(date.tomorrow().unwrap())).unwrap();
        let slots = calendar.free_slots(within, taken);
        slots.map(|slot| slot.starts_at().timestamp().to_zoned(zone.clone()).strftime("%H:%M%:z").to_string()).collect()
    }

    #[test]
    fn slots_follow_each_other_with_the_buffer_between_them() {
        let calendar = calendar("America/Toronto", &[("09:00", "10:30"), ("13:00", "13:30")], 30, 10);
        assert_eq!(told(&calendar, "2026-06-19", &[]), ["09:00-04:00", "09:40-04:00", "13:00-04:00"]);
    }

    #[test]
    fn a_booking_keeps_its_slot_and_the_buffer_around_it() {
        let calendar = calendar("America/Toronto", &[("09:00", "11:00")], 20, 10);
        let taken = [period("2026-06-19T13:25:00Z", "2026-06-19T13:55:00Z")];
        assert_eq!(told(&calendar, "2026-06-19", &taken), ["10:30-04:00"]);
    }

    #[test]
    fn a_block_keeps_its_slots_without_a_buffer() {
        let block = Block { period: period("2026-06-19T13:30:00Z", "2026-06-19T14:30:00Z"), reason: None };
        let open = calendar("America/Toronto", &[("09:00", "12:00")], 20, 10);
        let calendar = Calendar { blocked: vec![block], ..open };
        assert_eq!(told(&calendar, "2026-06-19", &[]), ["09:00-04:00", "10:30-04:00", "11:00-04:00", "11:30-04:00"]);
    }

    #[test]
    fn hours_that_the_clocks_skip_have_no_slots() {
        let night = calendar("America/Toronto", &[("01:00", "04:00")], 30, 0);
        let expected = ["01:00-05:00", "01:30-05:00", "03:00-04:00", "03:30-04:00"];
        assert_eq!(told(&night, "2026-03-08", &[]), expected);
        let skipped = calendar("America/Toronto", &[("02:15", "02:45")], 15, 0);
        assert!(told(&skipped, "2026-03-08", &[]).is_empty());
        let half = calendar("America/Toronto", &[("02:15", "03:30")], 30, 0);
        assert_eq!(told(&half, "2026-03-08", &[]), ["03:00-04:00"]);
    }

    #[test]
    fn hours_that_come_twice_are_offered_once() {
        let night = calendar("America/Toronto", &[("00:30", "02:30")], 30, 0);
        let expected = ["00:30-04:00", "01:00-04:00", "01:30-04:00", "02:00-05:00"];
        assert_eq!(told(&night, "2026-11-01", &[]), expected);
        let inside = calendar("America/Toronto", &[("01:15", "01:45")], 15, 0);
        assert_eq!(told(&inside, "2026-11-01", &[]), ["01:15-04:00", "01:30-04:00"]);
        let across = calendar("America/Toronto", &[("01:30", "02:30")], 30, 0);
        assert_eq!(told(&across, "2026-11-01", &[]), ["01:30-04:00", "02:00-05:00"]);
        let before = calendar("America/Toronto", &[("00:30", "01:30")], 30, 0);
        assert_eq!(told(&before, "2026-11-01", &[]), ["00:30-04:00", "01:00-04:00"]);
    }

    #[test]
    fn a_calendar_can_be_open_around_the_clock() {
        let calendar = calendar("Europe/Berlin", &[("00:00", "24:00")], 480, 0);
        assert_eq!(told(&calendar, "2026-06-19", &[]), ["00:00+02:00", "08:00+02:00", "16:00+02:00"]);
        let across_midnight = period("2026-06-19T21:30:00Z", "2026-06-19T22:30:00Z");
        assert_eq!(calendar.is_open(&across_midnight), Ok(()));
    }

    #[test]
    fn what_is_outside_of_the_hours_or_blocked_is_told_apart() {
        let block = Block { period: period("2026-06-19T13:30:00Z", "2026-06-19T14:30:00Z"), reason: None };
        let open = calendar("America/Toronto", &[("09:00", "12:00")], 30, 0);
        let calendar = Calendar { blocked: vec![block], ..open };
        use crate::calendar::Closed;
        for (from, to, expected) in [
            ("2026-06-19T13:00:00Z", "2026-06-19T13:30:00Z", Ok(())),
            ("2026-06-19T13:00:00Z", "2026-06-19T13:31:00Z", Err(Closed::Blocked)),
            ("2026-06-19T12:59:00Z", "2026-06-19T13:30:00Z", Err(Closed::OutOfHours)),
            ("2026-06-19T15:45:00Z", "2026-06-19T16:15:00Z", Err(Closed::OutOfHours)),
        ] {
            assert_eq!(calendar.is_open(&period(from, to)), expected, "{from}");
        }
    }

    /// Zones whose clocks change by an hour or half of one, at night, at midnight, by a whole day, and never.
    const ZONES: [&str; 7] = [
        "America/Toronto",
        "Europe/Berlin",
        "Australia/Lord_Howe",
        "Africa/Cairo",
        "Asia/Tehran",
        "America/Santiago",
        "UTC",
    ];

    fn minute(minutes: u32) -> String {
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    }

    /// Up to three stretches of hours of one day.
    fn hours() -> impl Strategy<Value = Vec<(String, String)>> {
        proptest::collection::btree_set(0u32..=288, 2..7).prop_map(|bounds| {
            let bounds: Vec<u32> = bounds.into_iter().map(|five| five * 5).collect();
            bounds.chunks_exact(2).map(|pair| (minute(pair[0]), minute(pair[1]))).collect()
        })
    }

    proptest! {
        #[test]
        fn every_free_slot_is_one(
            zone in proptest::sample::select(ZONES.to_vec()),
            hours in hours(),
            (slot, buffer) in (5u32..120, 0u32..40),
            // From 2024 to 2027, in quarters of an hour.
            start in 0i64..140_000,
            busy in proptest::collection::vec((-200i64..500, 1i64..300, any::<bool>()), 0..6),
        ) {
            let spans: Vec<(&str, &str)> = hours.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
            let mut calendar = calendar(zone, &spans, slot, buffer);
            let from = Moment::from_millisecond(1_704_067_200_000 + start * 900_000);
            let after = |minutes: i64| from + SignedDuration::from_mins(minutes);
            let within = Period::new(from, after(3 * 24 * 60)).unwrap();
            let mut taken = Vec::new();
            for (begin, length, is_block) in busy {
                let period = Period::new(after(begin * 10), after(begin * 10 + length)).unwrap();
                match is_block {
                    true => calendar.blocked.push(Block { period, reason: None }),
                    false => taken.push(period),
                }
            }
            let rules = calendar.time_zone.zone();
            let slots: Vec<Period> = calendar.free_slots(within, &taken).collect();
            let walls: BTreeSet<_> = slots.iter().map(|slot| rules.to_datetime(slot.starts_at().timestamp())).collect();
            prop_assert_eq!(walls.len(), slots.len(), "a time of the wall clock is offered twice");
            for slot in &slots {
                prop_assert_eq!(slot.length(), SignedDuration::from_mins(i64::from(slot_minutes(&calendar))));
                prop_assert!(within.starts_at() <= slot.starts_at() && slot.starts_at() < within.ends_at());
                prop_assert_eq!(calendar.is_open(slot), Ok(()));
                let around = slot.with_margin(calendar.buffer_minutes.duration());
                prop_assert!(taken.iter().all(|taken| !taken.overlaps(&around)));
                prop_assert!(each_minute_is_in_hours(&calendar, slot, &spans));
            }
            for pair in slots.windows(2) {
                prop_assert!(pair[0].ends_at() <= pair[1].starts_at());
            }
        }

        #[test]
        fn no_slot_that_could_be_given_is_left_out(
            zone in proptest::sample::select(ZONES.to_vec()),
            taken in 0usize..10,
        ) {
            let calendar = calendar(zone, &[("09:00", "17:00")], 30, 0);
            let within = period("2026-06-15T00:00:00Z", "2026-06-20T00:00:00Z");
            let all: Vec<Period> = calendar.free_slots(within, &[]).collect();
            let gone = all[taken * 3];
            let left: Vec<Period> = calendar.free_slots(within, &[gone]).collect();
            let expected: Vec<Period> = all.into_iter().filter(|slot| *slot != gone).collect();
            prop_assert_eq!(left, expected);
        }
    }

    fn slot_minutes(calendar: &Calendar) -> u32 {
        calendar.slot_minutes.into()
    }

    /// By the wall clock alone, without what the calendar makes of it.
    fn each_minute_is_in_hours(calendar: &Calendar, slot: &Period, spans: &[(&str, &str)]) -> bool {
        let zone = calendar.time_zone.zone();
        let minutes = std::iter::successors(Some(slot.starts_at()), |at| Some(*at + SignedDuration::from_mins(1)));
        minutes.take_while(|at| *at < slot.ends_at()).all(|at| {
            let time: Time = zone.to_datetime(at.timestamp()).time();
            let shown = time.strftime("%H:%M").to_string();
            spans.iter().any(|(start, end)| *start <= shown.as_str() && shown.as_str() < *end)
        })
    }
}
