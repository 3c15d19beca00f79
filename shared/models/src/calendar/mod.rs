//! The calendar of a domain: when it is open, what is booked, and which times are still free (checklist M6).
//!
//! Hours are those of a wall clock in the calendar's time zone; everything that is booked is a [`Period`] of real time, so
//! that a change of the clocks moves no booking.

mod booking;
mod diary;
mod free;
mod hours;
mod open;
mod period;
mod settings;

pub use booking::{Booking, BookingStatus, Notes, Title};
pub use diary::{Diary, Entry};
pub use hours::{HourSpan, HoursError, MinuteOfDay, MinuteOfDayError, Weekday, WeeklyHours};
pub use open::Closed;
pub use period::{LONGEST, Period, PeriodError, SHORTEST};
pub use settings::{Block, Buffer, Calendar, LONGEST_BUFFER, LengthError, MOST_BLOCKS, SlotLength};
