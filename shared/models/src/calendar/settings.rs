//! What a domain sets for its calendar.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::hours::WeeklyHours;
use super::period::Period;
use crate::domain::ZoneName;
use crate::moment::Moment;
use crate::text::Line;

/// The most blocked times of a calendar.
pub const MOST_BLOCKS: usize = 500;

/// The longest time between two bookings.
pub const LONGEST_BUFFER: SignedDuration = SignedDuration::from_hours(4);

/// A number of minutes that a calendar cannot have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a number of minutes from {least} to {most}.")]
pub struct LengthError {
    least: u32,
    most: u32,
}

/// How long a slot is, in minutes: 5 to 480.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct SlotLength(u32);

/// How long the calendar is kept free between two bookings, in minutes: 0 to 240.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Buffer(u32);

impl SlotLength {
    /// The length.
    #[must_use]
    pub fn duration(self) -> SignedDuration {
        SignedDuration::from_mins(i64::from(self.0))
    }
}

impl Default for SlotLength {
    fn default() -> Self {
        Self(30)
    }
}

impl Buffer {
    /// The length.
    #[must_use]
    pub fn duration(self) -> SignedDuration {
        SignedDuration::from_mins(i64::from(self.0))
    }
}

impl TryFrom<u32> for SlotLength {
    type Error = LengthError;

    fn try_from(minutes: u32) -> Result<Self, Self::Error> {
        let (least, most) = (5, 480);
        if (least..=most).contains(&minutes) { Ok(Self(minutes)) } else { Err(LengthError { least, most }) }
    }
}

impl TryFrom<u32> for Buffer {
    type Error = LengthError;

    fn try_from(minutes: u32) -> Result<Self, Self::Error> {
        let (least, most) = (0, 240);
        if minutes <= most { Ok(Self(minutes)) } else { Err(LengthError { least, most }) }
    }
}

impl From<SlotLength> for u32 {
    fn from(length: SlotLength) -> Self {
        length.0
    }
}

impl From<Buffer> for u32 {
    fn from(buffer: Buffer) -> Self {
        buffer.0
    }
}

/// A time in which nothing is offered, although the calendar would be open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// When.
    #[serde(flatten)]
    pub period: Period,
    /// Why, for those who keep the calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Line<200>>,
}

/// A domain's calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// The zone of its hours, and the one in which times are told to contacts.
    pub time_zone: ZoneName,
    /// When it is open.
    pub hours: WeeklyHours,
    /// How long a slot is.
    pub slot_minutes: SlotLength,
    /// How long it is kept free between two bookings.
    #[serde(default)]
    pub buffer_minutes: Buffer,
    /// When nothing is offered.
    #[serde(default)]
    pub blocked: Vec<Block>,
    /// When it was last changed.
    pub updated_at: Moment,
    /// Counts the changes, so that two at once do not undo each other.
    pub version: u64,
}
