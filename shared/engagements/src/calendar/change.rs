//! Reading and changing a booking.

use hub_models::calendar::{Booking, BookingStatus, Period};
use hub_models::domain::DomainName;
use hub_models::id::BookingId;
use hub_store::BookingSaved;
use jiff::SignedDuration;

use super::error::BookingError;
use super::{admit, calendar_of, log};
use crate::Hub;

/// The booking of a domain with this id.
///
/// # Errors
/// When there is none, or the table cannot be read.
pub async fn booking(hub: &Hub, domain: &DomainName, id: BookingId) -> Result<Booking, BookingError> {
    hub.store.booking(domain, id).await?.ok_or(BookingError::Unknown(id))
}

/// A booking before and after a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// As it was.
    pub before: Booking,
    /// As it is.
    pub now: Booking,
}

/// Moves a booking. Its contact has not confirmed the new time, so it is booked again, whatever it was.
///
/// # Errors
/// When the time cannot be had, or there is no such booking.
pub async fn reschedule(
    hub: &Hub,
    domain: &DomainName,
    id: BookingId,
    period: Period,
) -> Result<Booking, BookingError> {
    let moved = |before: &Booking| Ok::<_, BookingError>(before.clone().at(period));
    Ok(change_booking(hub, domain, id, false, moved).await?.now)
}

/// Says where a booking stands. One that is declined or cancelled gives its time to others; to take it back, the time
/// must still be free.
///
/// # Errors
/// When its time cannot be had any more, or there is no such booking.
pub async fn set_booking_status(
    hub: &Hub,
    domain: &DomainName,
    id: BookingId,
    status: BookingStatus,
) -> Result<Booking, BookingError> {
    let set = |before: &Booking| Ok::<_, BookingError>(Booking { status, ..before.clone() });
    Ok(change_booking(hub, domain, id, false, set).await?.now)
}

/// Calls a booking off. Doing it twice is doing it once.
///
/// # Errors
/// When there is no such booking.
pub async fn cancel_booking(hub: &Hub, domain: &DomainName, id: BookingId) -> Result<Booking, BookingError> {
    set_booking_status(hub, domain, id, BookingStatus::Cancelled).await
}

/// Reads a booking as it is now, changes it and writes it, again for as long as others are faster. A change that fails, or
/// changes nothing, writes nothing.
///
/// # Errors
/// When the change fails, the time cannot be had, or there is no such booking.
pub async fn change_booking<E: From<BookingError>>(
    hub: &Hub,
    domain: &DomainName,
    id: BookingId,
    outside_hours: bool,
    change: impl Fn(&Booking) -> Result<Booking, E>,
) -> Result<Changed, E> {
    loop {
        let before = booking(hub, domain, id).await?;
        let changed = change(&before)?;
        if changed.says_the_same_as(&before) {
            return Ok(Changed { now: before.clone(), before });
        }
        let after = changed.after(&before, hub.clock.now());
        let buffer = buffer(hub, &after, &before, outside_hours).await?;
        match hub.store.save_booking(&after, &before, buffer).await.map_err(BookingError::from)? {
            BookingSaved::Yes => {
                log("changed", &after);
                return Ok(Changed { before, now: after });
            }
            BookingSaved::Taken => return Err(BookingError::Taken.into()),
            BookingSaved::Conflict | BookingSaved::Existing(_) => {}
        }
    }
}

/// How much time must lie around what the booking holds now and did not hold before.
async fn buffer(
    hub: &Hub,
    after: &Booking,
    before: &Booking,
    outside_hours: bool,
) -> Result<SignedDuration, BookingError> {
    match after.held() {
        Some(period) if before.held() != Some(period) => {
            let calendar = calendar_of(hub, &after.domain_name).await?;
            admit(hub, &calendar, &period, outside_hours)
        }
        Some(_) | None => Ok(SignedDuration::ZERO),
    }
}
