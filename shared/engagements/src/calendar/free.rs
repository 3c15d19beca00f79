//! Which times can be offered.

use hub_models::calendar::{Calendar, Period};
use hub_models::domain::DomainName;

use super::calendar_of;
use super::error::BookingError;
use crate::Hub;

/// Times that can be offered.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The calendar that they are free in.
    pub calendar: Calendar,
    /// The times, in order.
    pub slots: Vec<Period>,
}

/// The first free slots of a domain's calendar that begin in this time, and not in the past. Each may be taken by somebody
/// else before it is booked: then [`super::book()`] says so.
///
/// # Errors
/// When the domain has no calendar, or the table cannot be read.
pub async fn free_slots(hub: &Hub, domain: &DomainName, within: Period, most: usize) -> Result<Offer, BookingError> {
    let calendar = calendar_of(hub, domain).await?;
    let from = within.starts_at().max(hub.clock.now());
    let Ok(within) = Period::new(from, within.ends_at()) else { return Ok(Offer { calendar, slots: Vec::new() }) };
    // A slot that begins at the end of the time reaches beyond it.
    let reach = within.with_margin(calendar.slot_minutes.duration());
    let taken = hub.store.taken(domain, reach).await?;
    let slots = calendar.free_slots(within, &taken).take(most).collect();
    Ok(Offer { calendar, slots })
}
