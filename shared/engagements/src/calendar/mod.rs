//! Bookings: what is free, who has it, and how a booking is made, moved and called off (checklist M6).

mod book;
mod change;
mod error;
mod free;
mod invitation;
mod told;

pub use book::{Booked, NewBooking, Origin, book};
pub use change::{Changed, booking, cancel_booking, change_booking, reschedule, set_booking_status};
pub use error::BookingError;
pub use free::{Offer, free_slots};
pub(crate) use invitation::invite_by_text;
pub use invitation::{Invited, Occasion, invitation_file, invitation_link, invitation_text, invite};
pub use told::{Teller, teller, told_booking};

use hub_models::calendar::{Booking, Calendar, Period};
use hub_models::domain::DomainName;
use jiff::SignedDuration;

use crate::Hub;

async fn calendar_of(hub: &Hub, domain: &DomainName) -> Result<Calendar, BookingError> {
    let calendar = hub.store.calendar(domain).await?;
    calendar.ok_or_else(|| BookingError::NoCalendar(domain.clone()))
}

/// How much time must lie between a booking and others, where the calendar takes it at this time.
fn admit(hub: &Hub, calendar: &Calendar, period: &Period, outside_hours: bool) -> Result<SignedDuration, BookingError> {
    if period.starts_at() < hub.clock.now() {
        return Err(BookingError::Past);
    }
    if outside_hours {
        return Ok(SignedDuration::ZERO);
    }
    calendar.is_open(period)?;
    Ok(calendar.buffer_minutes.duration())
}

/// Says what became of a booking, without whose it is.
fn log(what: &'static str, booking: &Booking) {
    tracing::info!(booking_id = %booking.booking_id, domain_name = %booking.domain_name, status = %booking.status, what);
}
