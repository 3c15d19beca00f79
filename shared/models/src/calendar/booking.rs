//! A booking: someone's time in a domain's calendar.

use serde::{Deserialize, Serialize};

use super::period::Period;
use crate::channel::{Language, wire_words};
use crate::contact::{Contact, EmailAddress};
use crate::domain::DomainName;
use crate::id::{BookingId, EngagementId};
use crate::moment::Moment;
use crate::text::{Line, Name, Text};

/// What a booking is about, as its contact is told.
pub type Title = Line<200>;
/// What those who keep the calendar should know of a booking.
pub type Notes = Text<2_000>;

wire_words! {
    /// Where a booking stands.
    BookingStatus {
        /// It is made.
        Booked = "booked",
        /// Its contact has said to come.
        Confirmed = "confirmed",
        /// Its contact has said not to come. Its time is free for others.
        Declined = "declined",
        /// It was called off. Its time is free for others.
        Cancelled = "cancelled",
    }
}

impl BookingStatus {
    /// Whether nobody else can have the time of such a booking.
    #[must_use]
    pub const fn holds_its_time(self) -> bool {
        matches!(self, Self::Booked | Self::Confirmed)
    }
}

/// A booking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// Its identifier.
    pub booking_id: BookingId,
    /// The tenant.
    pub domain_name: DomainName,
    /// Whose it is.
    pub contact: Contact,
    /// Where its invitations go, where the contact is no address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// The contact's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// The language in which the contact is told of it.
    pub language: Language,
    /// When.
    #[serde(flatten)]
    pub period: Period,
    /// Where it stands.
    pub status: BookingStatus,
    /// The engagement that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engagement_id: Option<EngagementId>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Title>,
    /// What its contact is not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<Notes>,
    /// When it was made.
    pub created_at: Moment,
    /// When it was last changed.
    pub updated_at: Moment,
    /// Counts the changes, so that two at once do not undo each other.
    pub version: u64,
    /// The request it was made from, as a hash: the same idempotency key must come with the same request.
    pub request_hash: String,
}

impl Booking {
    /// The time that nobody else can have.
    #[must_use]
    pub fn held(&self) -> Option<Period> {
        self.status.holds_its_time().then_some(self.period)
    }

    /// This booking at another time, which its contact has not confirmed.
    #[must_use]
    pub fn at(self, period: Period) -> Self {
        if period == self.period && self.status.holds_its_time() {
            return self;
        }
        Self { period, status: BookingStatus::Booked, ..self }
    }

    /// Where invitations to it go.
    #[must_use]
    pub fn invitee(&self) -> Option<&EmailAddress> {
        match (&self.email, &self.contact) {
            (Some(address), _) | (None, Contact::Email(address)) => Some(address),
            (None, Contact::Phone(_)) => None,
        }
    }

    /// This booking as the next version after another. No two versions have the same time.
    #[must_use]
    pub fn after(self, before: &Self, now: Moment) -> Self {
        Self { updated_at: now.or_after(before.updated_at), version: before.version + 1, ..self }
    }

    /// Whether it differs from another in nothing but when it was changed.
    #[must_use]
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        let Self { updated_at, version, .. } = *other;
        Self { updated_at, version, ..self.clone() } == *other
    }
}
