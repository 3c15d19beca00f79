//! What is taken on one day, which is what keeps two bookings apart.

use jiff::SignedDuration;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::period::Period;
use crate::id::BookingId;

/// The bookings that hold a time of one UTC day, in order. It is of UTC so that a calendar can change its zone and its
/// hours without a booking moving from one day to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diary {
    /// The day.
    pub day: Date,
    /// What is taken, in order. A booking across midnight stands in both days, in full.
    pub entries: Vec<Entry>,
    /// Counts the changes: a booking is written only with the diary that it was found free in.
    pub version: u64,
}

/// A time that a booking holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The booking.
    pub booking_id: BookingId,
    /// The time.
    #[serde(flatten)]
    pub period: Period,
}

impl Diary {
    /// A day on which nothing was ever booked.
    #[must_use]
    pub fn blank(day: Date) -> Self {
        Self { day, entries: Vec::new(), version: 0 }
    }

    /// Whether nobody but this booking holds any of the time, or what is nearer to it than the buffer.
    #[must_use]
    pub fn is_free_for(&self, booking_id: BookingId, period: &Period, buffer: SignedDuration) -> bool {
        let around = period.with_margin(buffer);
        let mut others = self.entries.iter().filter(|entry| entry.booking_id != booking_id);
        others.all(|entry| !entry.period.overlaps(&around))
    }

    /// The entries as they are with this booking at this time, and at no other.
    #[must_use]
    pub fn entries_with(&self, booking_id: BookingId, period: Option<Period>) -> Vec<Entry> {
        let others = self.entries.iter().filter(|entry| entry.booking_id != booking_id).cloned();
        let own = period.map(|period| Entry { booking_id, period });
        let mut entries: Vec<Entry> = others.chain(own).collect();
        entries.sort_by_key(|entry| (entry.period, entry.booking_id));
        entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::Moment;

    const QUARTER: SignedDuration = SignedDuration::from_mins(15);

    fn minutes(from: i64, to: i64) -> Period {
        let at = |minute: i64| Moment::from_millisecond(minute * 60_000);
        Period::new(at(from), at(to)).unwrap()
    }

    #[test]
    fn a_time_is_free_unless_another_booking_is_in_it_or_too_near() {
        let (own, other) = (BookingId::from_bytes([1; 12]), BookingId::from_bytes([2; 12]));
        let blank = Diary::blank(jiff::civil::date(1970, 1, 1));
        let diary = Diary { entries: blank.entries_with(other, Some(minutes(60, 90))), ..blank };
        assert!(diary.is_free_for(own, &minutes(30, 60), SignedDuration::ZERO));
        assert!(!diary.is_free_for(own, &minutes(30, 60), QUARTER));
        assert!(!diary.is_free_for(own, &minutes(30, 61), SignedDuration::ZERO));
        assert!(diary.is_free_for(other, &minutes(30, 61), QUARTER));
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_entered_where_it_is_free_never_overlaps(
            asked in proptest::collection::vec((0u8..6, 0i64..200, 1i64..60, proptest::bool::weighted(0.8)), 1..60),
            buffer in 0i64..20,
        ) {
            let buffer = SignedDuration::from_mins(buffer);
            let mut diary = Diary::blank(jiff::civil::date(1970, 1, 1));
            for (who, from, length, wants) in asked {
                let (id, period) = (BookingId::from_bytes([who; 12]), minutes(from, from + length));
                if !wants || diary.is_free_for(id, &period, buffer) {
                    diary.entries = diary.entries_with(id, wants.then_some(period));
                }
                for pair in diary.entries.windows(2) {
                    proptest::prop_assert!(pair[0].period.ends_at() + buffer <= pair[1].period.starts_at());
                }
            }
        }
    }
}
