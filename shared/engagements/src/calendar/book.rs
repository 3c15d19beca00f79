//! Making a booking, once however often it is asked for.

use hub_models::calendar::{Booking, BookingStatus, Calendar, Notes, Period, Title};
use hub_models::channel::Language;
use hub_models::contact::{Contact, EmailAddress};
use hub_models::domain::DomainName;
use hub_models::id::{AccountId, BookingId, EngagementId};
use hub_models::moment::Moment;
use hub_models::text::Name;
use hub_store::{BookingSaved, StoreError};

use super::change::change_booking;
use super::error::BookingError;
use super::{admit, calendar_of, log};
use crate::Hub;
use crate::idempotency::{IdempotencyKey, VALID_FOR};

/// Who asks for a booking, which is what makes asking twice the same as asking once.
#[derive(Clone, Debug)]
pub enum Origin {
    /// An engagement, which has one booking.
    Engagement(EngagementId),
    /// A request of an account.
    Request {
        /// The account.
        account_id: AccountId,
        /// The route it came by.
        route: &'static str,
        /// Its idempotency key.
        key: Option<IdempotencyKey>,
        /// What tells the request from another.
        request_hash: String,
    },
}

/// A booking to be made.
#[derive(Clone, Debug)]
pub struct NewBooking {
    /// The tenant.
    pub domain_name: DomainName,
    /// Who asks.
    pub origin: Origin,
    /// Whose it is.
    pub contact: Contact,
    /// Where invitations go, where the contact is no address.
    pub email: Option<EmailAddress>,
    /// The contact's name.
    pub name: Option<Name>,
    /// The language in which the contact is told of it.
    pub language: Language,
    /// When it begins.
    pub starts_at: Moment,
    /// When it ends; none is the length of the calendar's slots later.
    pub ends_at: Option<Moment>,
    /// What it is about.
    pub title: Option<Title>,
    /// What its contact is not told.
    pub notes: Option<Notes>,
    /// Whether hours, blocks and buffer do not count.
    pub outside_hours: bool,
}

/// A booking that is there.
#[derive(Clone, Debug)]
pub struct Booked {
    /// The booking.
    pub booking: Booking,
    /// Whether this request made it.
    pub new: bool,
}

/// Makes a booking. Where its origin has made one before, that one is given: it is booked anew where it was declined or
/// called off since, and otherwise stays at its time, from which [`super::reschedule`] moves it.
///
/// # Errors
/// When the time cannot be had, or another request had the same key.
pub async fn book(hub: &Hub, new: NewBooking) -> Result<Booked, BookingError> {
    let booking_id = match earlier(hub, &new).await? {
        Earlier::Made(booking) => return again(hub, *booking, &new).await,
        Earlier::Free(id) => id,
    };
    let calendar = calendar_of(hub, &new.domain_name).await?;
    let period = new.period(&calendar)?;
    let buffer = admit(hub, &calendar, &period, new.outside_hours)?;
    let booking = new.into_booking(booking_id, period, hub.clock.now());
    match hub.store.create_booking(&booking, buffer).await? {
        BookingSaved::Yes => {
            log("booked", &booking);
            Ok(Booked { booking, new: true })
        }
        BookingSaved::Existing(existing) if existing.request_hash == booking.request_hash => {
            Ok(Booked { booking: *existing, new: false })
        }
        BookingSaved::Existing(_) => Err(BookingError::KeyReused),
        BookingSaved::Taken | BookingSaved::Conflict => Err(BookingError::Taken),
    }
}

/// Whether a booking was made for the same.
enum Earlier {
    Made(Box<Booking>),
    Free(BookingId),
}

async fn earlier(hub: &Hub, new: &NewBooking) -> Result<Earlier, StoreError> {
    let now = hub.clock.now();
    let domain = &new.domain_name;
    let (current, previous) = match &new.origin {
        Origin::Engagement(id) => (BookingId::of_engagement(*id), None),
        Origin::Request { key: None, .. } => return Ok(Earlier::Free(BookingId::random())),
        Origin::Request { account_id, route, key: Some(key), .. } => {
            let candidates = key.candidates(*account_id, route, now);
            let id = |id: EngagementId| BookingId::from_bytes(*id.bytes());
            (id(candidates.current), Some(id(candidates.previous)))
        }
    };
    if let Some(booking) = hub.store.booking(domain, current).await? {
        return Ok(Earlier::Made(Box::new(booking)));
    }
    let Some(previous) = previous else { return Ok(Earlier::Free(current)) };
    let before = hub.store.booking(domain, previous).await?;
    let before = before.filter(|booking| now - booking.created_at < VALID_FOR);
    Ok(before.map_or(Earlier::Free(current), |booking| Earlier::Made(Box::new(booking))))
}

async fn again(hub: &Hub, booking: Booking, new: &NewBooking) -> Result<Booked, BookingError> {
    match &new.origin {
        Origin::Request { request_hash, .. } if booking.request_hash != *request_hash => Err(BookingError::KeyReused),
        Origin::Request { .. } => Ok(Booked { booking, new: false }),
        Origin::Engagement(_) if booking.status.holds_its_time() => Ok(Booked { booking, new: false }),
        Origin::Engagement(_) => {
            let period = new.period(&calendar_of(hub, &new.domain_name).await?)?;
            let anew = |before: &Booking| Ok(before.clone().at(period));
            let id = booking.booking_id;
            let changed = change_booking::<BookingError>(hub, &new.domain_name, id, new.outside_hours, anew).await?;
            Ok(Booked { booking: changed.now, new: true })
        }
    }
}

impl NewBooking {
    fn period(&self, calendar: &Calendar) -> Result<Period, BookingError> {
        let ends_at = self.ends_at.unwrap_or(self.starts_at + calendar.slot_minutes.duration());
        Ok(Period::of_booking(self.starts_at, ends_at)?)
    }

    fn into_booking(self, booking_id: BookingId, period: Period, now: Moment) -> Booking {
        let (engagement_id, request_hash) = match self.origin {
            Origin::Engagement(id) => (Some(id), String::new()),
            Origin::Request { request_hash, .. } => (None, request_hash),
        };
        Booking {
            booking_id,
            domain_name: self.domain_name,
            contact: self.contact,
            email: self.email,
            name: self.name,
            language: self.language,
            period,
            status: BookingStatus::Booked,
            engagement_id,
            title: self.title,
            notes: self.notes,
            created_at: now,
            updated_at: now,
            version: 1,
            request_hash,
        }
    }
}
