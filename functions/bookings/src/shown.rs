//! A booking as it is shown.

use hub_engagements::calendar::{Invited, Teller};
use hub_models::calendar::{Booking, BookingStatus, Notes, Title};
use hub_models::channel::Language;
use hub_models::id::{BookingId, EngagementId};
use hub_models::moment::Moment;
use hub_models::text::Name;
use serde::Serialize;
use utoipa::ToSchema;

/// A booking.
#[derive(Serialize, ToSchema)]
pub(crate) struct ShownBooking {
    #[schema(value_type = String, example = "bkg_a1b2c3d4e5f6789012345678")]
    booking_id: BookingId,
    #[schema(example = "acme")]
    domain_name: String,
    /// Whose it is.
    #[schema(example = "+14165551234")]
    contact: String,
    /// Where invitations go; null where there is no address.
    #[schema(example = "customer@example.com")]
    email_address: Option<String>,
    #[schema(value_type = Option<String>, example = "Alex Morgan")]
    name: Option<Name>,
    /// The language in which the contact is told of it.
    #[schema(value_type = String, example = "en")]
    language: Language,
    #[schema(value_type = String, example = "2026-06-19T18:30:00.000Z")]
    starts_at: Moment,
    #[schema(value_type = String, example = "2026-06-19T19:00:00.000Z")]
    ends_at: Moment,
    /// When it begins, by the calendar's wall clock.
    #[schema(example = "2026-06-19T14:30:00-04:00")]
    local_starts_at: String,
    /// When it begins, as the contact is told.
    #[schema(example = "Friday, June 19, 2026 at 2:30 PM")]
    when: String,
    /// `booked`, `confirmed`, `declined` or `cancelled`. The time of the last two is free for others.
    #[schema(value_type = String, example = "booked")]
    status: BookingStatus,
    /// The engagement that made it; null where a request did.
    #[schema(value_type = Option<String>, example = "eng_a1b2c3d4e5f6789012345678")]
    engagement_id: Option<EngagementId>,
    #[schema(value_type = Option<String>, example = "Yearly check-up")]
    title: Option<Title>,
    /// What its contact is not told.
    #[schema(value_type = Option<String>, example = "Prefers room 4.")]
    notes: Option<Notes>,
    #[schema(value_type = String, example = "2026-06-18T14:30:00.000Z")]
    created_at: Moment,
    /// Send it with a change, or the `ETag` as `If-Match`, and the change is refused where someone else was faster.
    #[schema(value_type = String, example = "2026-06-18T14:30:00.000Z")]
    updated_at: Moment,
}

impl ShownBooking {
    pub(crate) fn of(booking: Booking, teller: &Teller) -> Self {
        Self {
            when: teller.booking(&booking, booking.language).when,
            local_starts_at: teller.local(booking.period.starts_at()),
            email_address: booking.invitee().map(ToString::to_string),
            booking_id: booking.booking_id,
            domain_name: booking.domain_name.to_string(),
            contact: booking.contact.as_str().to_owned(),
            name: booking.name,
            language: booking.language,
            starts_at: booking.period.starts_at(),
            ends_at: booking.period.ends_at(),
            status: booking.status,
            engagement_id: booking.engagement_id,
            title: booking.title,
            notes: booking.notes,
            created_at: booking.created_at,
            updated_at: booking.updated_at,
        }
    }
}

/// A booking with what its contact gets of it.
#[derive(Serialize, ToSchema)]
pub(crate) struct WholeBooking {
    #[serde(flatten)]
    pub(crate) booking: ShownBooking,
    /// A link to its calendar file, for a text to the contact: it needs no key.
    #[schema(example = "https://hub.example.com/bookings/invitations/acme.obLD1OX2eJASNFZ4…")]
    pub(crate) invitation_url: Option<String>,
    /// The invitation that this request was to send; null where it was to send none.
    pub(crate) invitation: Option<Invitation>,
}

/// What became of an invitation.
#[derive(Serialize, ToSchema)]
pub(crate) struct Invitation {
    /// The email that carries it, an engagement like any other; null where none was sent.
    #[schema(value_type = Option<String>, example = "eng_a1b2c3d4e5f6789012345678")]
    engagement_id: Option<EngagementId>,
    /// Why none was sent; null where one was.
    #[schema(example = "The booking has no email address; set email_address.")]
    not_sent: Option<String>,
}

impl From<Invited> for Invitation {
    fn from(invited: Invited) -> Self {
        match invited {
            Invited::By(engagement_id) => Self { engagement_id: Some(engagement_id), not_sent: None },
            Invited::Not(reason) => Self { engagement_id: None, not_sent: Some(reason) },
        }
    }
}
