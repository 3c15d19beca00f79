//! Telling bookings and free times in words.

use hub_models::calendar::Booking;
use hub_models::channel::Language;
use hub_models::domain::DomainName;
use hub_models::moment::Moment;
use hub_models::wording::{Told, told, told_moment};
use hub_store::StoreError;
use jiff::tz::TimeZone;

use crate::Hub;

/// Tells times by the wall clock of a domain's calendar.
#[derive(Clone, Debug)]
pub struct Teller(TimeZone);

impl Teller {
    /// When a booking is, in a language.
    #[must_use]
    pub fn booking(&self, booking: &Booking, language: Language) -> Told {
        told(booking, &self.0, language)
    }

    /// A moment in a language: `Friday, June 19, 2026 at 2:30 PM`.
    #[must_use]
    pub fn moment(&self, at: Moment, language: Language) -> String {
        told_moment(at, &self.0, language)
    }

    /// A moment as the wall clock shows it, with its offset from UTC: `2026-06-19T14:30:00-04:00`.
    #[must_use]
    pub fn local(&self, at: Moment) -> String {
        at.timestamp().to_zoned(self.0.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }
}

impl From<TimeZone> for Teller {
    fn from(zone: TimeZone) -> Self {
        Self(zone)
    }
}

/// Who tells the times of a domain: by its calendar, else by the domain's own time zone.
///
/// # Errors
/// When the table cannot be read.
pub async fn teller(hub: &Hub, domain: &DomainName) -> Result<Teller, StoreError> {
    if let Some(calendar) = hub.store.calendar(domain).await? {
        return Ok(Teller(calendar.time_zone.zone()));
    }
    let domain = hub.store.domain_cached(domain).await?;
    Ok(Teller(domain.map_or(TimeZone::UTC, |domain| domain.time_zone.zone())))
}

/// When a booking is, in a language, by its domain's calendar.
///
/// # Errors
/// When the table cannot be read.
pub async fn told_booking(hub: &Hub, booking: &Booking, language: Language) -> Result<Told, StoreError> {
    Ok(teller(hub, &booking.domain_name).await?.booking(booking, language))
}
