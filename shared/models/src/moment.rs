//! A point in time as the hub stores and shows it: RFC 3339, always three decimals, always `Z`.
//!
//! The fixed width makes the text sort like the time, which the table's indexes rely on.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time in whole milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(Timestamp);

impl Moment {
    /// This time, or a moment after `before` where that is later: no two versions of a thing have the same time.
    #[must_use]
    pub fn or_after(self, before: Self) -> Self {
        self.max(before + SignedDuration::from_millis(1))
    }

    /// The moment so many milliseconds after 1970; what lies beyond the calendar becomes its end.
    #[must_use]
    pub fn from_millisecond(ms: i64) -> Self {
        Self(Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX))
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn as_millisecond(self) -> i64 {
        self.0.as_millisecond()
    }

    /// Whole seconds since 1970, the unit of a table's time to live.
    #[must_use]
    pub fn as_second(self) -> i64 {
        self.0.as_second()
    }

    /// The same point in time for calculations with calendars and zones.
    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        self.0
    }

    /// The UTC day, `yyyy-mm-dd`.
    #[must_use]
    pub fn day(self) -> String {
        self.0.strftime("%Y-%m-%d").to_string()
    }

    /// The moment without its milliseconds, `…T15:00:00Z`, as the direct start shows scheduled times.
    #[must_use]
    pub fn to_the_second(self) -> String {
        self.0.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
}

impl From<Timestamp> for Moment {
    fn from(timestamp: Timestamp) -> Self {
        Self::from_millisecond(timestamp.as_millisecond())
    }
}

impl Add<SignedDuration> for Moment {
    type Output = Self;

    fn add(self, duration: SignedDuration) -> Self {
        Self(self.0.saturating_add(duration).unwrap_or(Timestamp::MAX))
    }
}

impl Sub for Moment {
    type Output = SignedDuration;

    fn sub(self, earlier: Self) -> SignedDuration {
        self.0.duration_since(earlier.0)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.strftime("%Y-%m-%dT%H:%M:%S.%3fZ"))
    }
}

impl FromStr for Moment {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<Timestamp>().map(Self::from)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_three_decimals_and_a_z() {
        assert_eq!(Moment::from_millisecond(0).to_string(), "1970-01-01T00:00:00.000Z");
        assert_eq!(Moment::from_millisecond(1_500).to_string(), "1970-01-01T00:00:01.500Z");
    }

    proptest::proptest! {
        #[test]
        fn moments_sort_like_their_text(a in 0i64..4_102_444_800_000, b in 0i64..4_102_444_800_000) {
            let (a, b) = (Moment::from_millisecond(a), Moment::from_millisecond(b));
            proptest::prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
            proptest::prop_assert_eq!(a.to_string().parse::<Moment>().ok(), Some(a));
        }
    }
}
