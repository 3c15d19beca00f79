//! The times and the booking that a conversation is about. Its reach is one engagement: whatever is asked of it, it acts
//! on the domain, the booking and the contact of that engagement alone.

use std::sync::{Mutex, PoisonError};

use futures::FutureExt;
use futures::future::BoxFuture;
use hub_channels::converser::{Slots, SlotsError};
use hub_models::calendar::{Booking, BookingStatus, Period};
use hub_models::channel::EngagementType;
use hub_models::domain::Domain;
use hub_models::engagement::{Content, Engagement};
use hub_models::id::BookingId;
use hub_models::moment::Moment;
use hub_models::wording::Told;
use hub_store::StoreError;
use jiff::SignedDuration;

use crate::Hub;
use crate::calendar::{BookingError, NewBooking, Origin, Teller, book, booking, change_booking, free_slots, teller};

/// How many times are offered at once.
const OFFERED: usize = 3;

/// How far ahead times are offered.
const AHEAD: SignedDuration = SignedDuration::from_hours(14 * 24);

/// The calendar of an engagement's domain, as far as its conversation may use it.
pub(super) struct Diary<'a> {
    hub: &'a Hub,
    engagement: &'a Engagement,
    content: &'a Content,
    teller: Teller,
    /// The times that were listed last.
    listed: Mutex<Vec<Moment>>,
    /// What was booked.
    booked: Mutex<Option<Booking>>,
}

/// Who tells the times of an engagement. Where none are told, nobody looks for the calendar.
pub(super) async fn teller_of(hub: &Hub, engagement: &Engagement, domain: &Domain) -> Result<Teller, StoreError> {
    match engagement.engagement_type {
        EngagementType::Confirmational | EngagementType::AppointmentBooking => teller(hub, &domain.domain_name).await,
        EngagementType::Conversational if hub.converser.thinks() => teller(hub, &domain.domain_name).await,
        EngagementType::Conversational | EngagementType::Informational => Ok(domain.time_zone.zone().into()),
    }
}

/// What became of the booking that an engagement is about.
pub(super) enum Settled {
    /// It stands as the contact wishes.
    Yes,
    /// It is cancelled, or its time is somebody else's.
    Gone,
    /// It has another time than the contact was told, and is as it was.
    Moved(Box<Booking>),
}

/// What became of a booking.
pub(super) enum Booked {
    /// It is the contact's.
    Yes {
        /// When it begins.
        at: Moment,
    },
    /// Somebody else was faster.
    Taken,
}

impl<'a> Diary<'a> {
    /// The calendar of an engagement, of which these times are on offer.
    pub(super) const fn of(
        hub: &'a Hub,
        engagement: &'a Engagement,
        content: &'a Content,
        teller: Teller,
        offered: Vec<Moment>,
    ) -> Self {
        Self { hub, engagement, content, teller, listed: Mutex::new(offered), booked: Mutex::new(None) }
    }

    /// The times that were listed last.
    pub(super) fn listed(&self) -> Vec<Moment> {
        self.listed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The next times that are free, which are listed with that.
    pub(super) async fn free(&self) -> Result<Vec<Moment>, StoreError> {
        let now = self.hub.clock.now();
        let free = match Period::new(now, now + AHEAD) {
            Ok(within) => free_slots(self.hub, &self.engagement.domain_name, within, OFFERED).await,
            Err(_) => return Ok(Vec::new()),
        };
        let free: Vec<Moment> = match free {
            Ok(offer) => offer.slots.iter().map(Period::starts_at).collect(),
            Err(error) => harmless(error).map(|()| Vec::new())?,
        };
        self.listed.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&free);
        Ok(free)
    }

    /// Books a time for the engagement's contact. Asked again, it gives what was booked first.
    pub(super) async fn book(&self, at: Moment) -> Result<Booked, StoreError> {
        // A test takes nobody's time.
        if self.engagement.test_mode {
            return Ok(Booked::Yes { at });
        }
        let new = NewBooking {
            domain_name: self.engagement.domain_name.clone(),
            origin: Origin::Engagement(self.engagement.engagement_id),
            contact: self.engagement.contact.clone(),
            email: None,
            name: self.engagement.client_name.clone(),
            language: self.content.language,
            starts_at: at,
            ends_at: None,
            title: None,
            notes: None,
            outside_hours: false,
        };
        match book(self.hub, new).await {
            Ok(booked) => {
                let at = booked.booking.period.starts_at();
                self.booked.lock().unwrap_or_else(PoisonError::into_inner).replace(booked.booking);
                Ok(Booked::Yes { at })
            }
            Err(error) => harmless(error).map(|()| Booked::Taken),
        }
    }

    /// Confirms or declines the booking that the engagement is about, at the time that the contact was told. One that was
    /// cancelled stays so, whatever the contact says.
    pub(super) async fn settle(&self, confirmed: bool) -> Result<Settled, StoreError> {
        let status = if confirmed { BookingStatus::Confirmed } else { BookingStatus::Declined };
        let Some(id) = self.booking_id().filter(|_| !self.engagement.test_mode) else { return Ok(Settled::Yes) };
        let told = self.listed().first().copied();
        let has_moved = |booking: &Booking| told.is_some_and(|told| told != booking.period.starts_at());
        let kept = |before: &Booking| {
            let stays = before.status == BookingStatus::Cancelled || has_moved(before);
            let status = if stays { before.status } else { status };
            Ok::<_, BookingError>(Booking { status, ..before.clone() })
        };
        match change_booking(self.hub, &self.engagement.domain_name, id, false, kept).await {
            Ok(changed) if confirmed && changed.now.status == BookingStatus::Cancelled => Ok(Settled::Gone),
            Ok(changed) if changed.now.status != BookingStatus::Cancelled && has_moved(&changed.now) => {
                Ok(Settled::Moved(Box::new(changed.now)))
            }
            // It is not one of this calendar's.
            Ok(_) | Err(BookingError::Unknown(_)) => Ok(Settled::Yes),
            Err(error) => harmless(error).map(|()| Settled::Gone),
        }
    }

    /// The booking that the engagement is about, where it is one of the calendar's.
    pub(super) async fn booking(&self) -> Result<Option<Booking>, StoreError> {
        let Some(id) = self.booking_id() else { return Ok(None) };
        match booking(self.hub, &self.engagement.domain_name, id).await {
            Ok(booking) => Ok(Some(booking)),
            Err(error) => harmless(error).map(|()| None),
        }
    }

    /// A booking, as it is told to the contact.
    pub(super) fn told_booking(&self, booking: &Booking) -> Told {
        self.teller.booking(booking, self.content.language)
    }

    /// What was booked.
    pub(super) fn booked(&self) -> Option<Booking> {
        self.booked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn booking_id(&self) -> Option<BookingId> {
        self.content.booking_id.as_ref()?.as_str().parse().ok()
    }

    /// These times, as they are told to the contact.
    pub(super) fn told(&self, slots: &[Moment]) -> Vec<String> {
        slots.iter().map(|slot| self.teller.moment(*slot, self.content.language)).collect()
    }
}

/// What the calendar itself says no to is part of the conversation; only its tables can be at fault.
fn harmless(error: BookingError) -> Result<(), StoreError> {
    match error {
        BookingError::Store(error) => Err(error),
        error => {
            tracing::info!(%error, "the calendar said no");
            Ok(())
        }
    }
}

impl Slots for Diary<'_> {
    fn list(&self) -> BoxFuture<'_, Result<Vec<String>, SlotsError>> {
        async { Ok(self.told(&self.free().await.map_err(unusable)?)) }.boxed()
    }

    fn book(&self, number: usize) -> BoxFuture<'_, Result<Option<String>, SlotsError>> {
        async move {
            let Some(at) = number.checked_sub(1).and_then(|place| self.listed().get(place).copied()) else {
                return Ok(None);
            };
            match self.book(at).await.map_err(unusable)? {
                Booked::Yes { at } => Ok(Some(self.told(&[at]).concat())),
                Booked::Taken => Ok(None),
            }
        }
        .boxed()
    }
}

fn unusable(error: StoreError) -> SlotsError {
    SlotsError(Box::new(error))
}
