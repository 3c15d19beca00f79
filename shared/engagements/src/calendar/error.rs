//! Why a booking cannot be made or changed.

use hub_models::calendar::{Closed, PeriodError};
use hub_models::domain::DomainName;
use hub_models::id::BookingId;
use hub_store::StoreError;

/// Why a booking cannot be made or changed. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum BookingError {
    /// The domain has no calendar.
    #[error("No calendar is set up for domain \"{0}\"; set one with PUT /account-settings/calendar.")]
    NoCalendar(DomainName),
    /// The domain has no such booking.
    #[error("There is no booking {0} on this domain; list the bookings to see which there are.")]
    Unknown(BookingId),
    /// It would end too soon or too late.
    #[error("{0}")]
    Length(#[from] PeriodError),
    /// It would begin in the past.
    #[error("must not be in the past.")]
    Past,
    /// The calendar is not open then.
    #[error("{0}")]
    Closed(#[from] Closed),
    /// Another booking has the time.
    #[error("Another booking has this time; choose one of GET /bookings/slots.")]
    Taken,
    /// The idempotency key came with another request before.
    #[error("This Idempotency-Key was used with another request in the last 24 hours; use a new key.")]
    KeyReused,
    /// A table could not be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}
