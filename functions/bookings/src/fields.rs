//! The fields of a booking in a request.

use hub_models::calendar::{BookingStatus, Notes, Title};
use hub_models::channel::Language;
use hub_models::contact::{Contact, EmailAddress};
use hub_models::domain::DomainName;
use hub_models::id::BookingId;
use hub_models::moment::Moment;
use hub_models::text::Name;
use hub_web::{ApiError, Fields, Given, JsonObject, read_time};
use serde::Deserialize;
use utoipa::ToSchema;

/// A booking to be made, or what is to be changed of one.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct BookingFields {
    /// Your tenant domain.
    #[schema(value_type = String, example = "acme")]
    domain_name: Given<String>,
    /// Whose it is: a phone number or an email address. Required for a new one, under this name or another.
    #[schema(value_type = Option<String>, example = "+14165551234")]
    contact: Given<String>,
    /// The same as `contact`.
    #[schema(value_type = Option<String>)]
    phone_number: Given<String>,
    /// Where invitations go. It is the contact where no other is given.
    #[schema(value_type = Option<String>, example = "customer@example.com")]
    email_address: Given<String>,
    /// The contact's name. `client_name` is read too.
    #[schema(value_type = Option<String>, example = "Alex Morgan")]
    name: Given<String>,
    /// The language in which the contact is told of it: `en` (default), `es`, `fr`, `de`, `pt`, `zh`, `fa`, `ar`, `hi`, `ja`
    /// or `ko`.
    #[schema(value_type = Option<String>, example = "en")]
    language: Given<String>,
    /// When it begins: ISO 8601 with a zone, on a whole minute. Required for a new one.
    #[schema(value_type = Option<String>, example = "2026-06-19T14:30:00-04:00")]
    starts_at: Given<String>,
    /// When it ends, 5 minutes to 24 hours later. Default: as long as a slot of the calendar; of a booking that is moved, as
    /// long as it was.
    #[schema(value_type = Option<String>, example = "2026-06-19T15:00:00-04:00")]
    ends_at: Given<String>,
    /// `booked`, `confirmed`, `declined` or `cancelled`. Only in a change.
    #[schema(value_type = Option<String>, example = "confirmed")]
    status: Given<String>,
    /// What it is about, as the contact is told; at most 200 characters.
    #[schema(value_type = Option<String>, example = "Yearly check-up")]
    title: Given<String>,
    /// What the contact is not told; at most 2,000 characters.
    #[schema(value_type = Option<String>, example = "Prefers room 4.")]
    notes: Given<String>,
    /// Take the time although the calendar is not open then, and without its buffer. Another booking's time is never taken.
    #[schema(value_type = Option<bool>, example = false)]
    outside_hours: Given<bool>,
    /// Send the contact an email with the calendar file. It is an engagement and costs what an email costs.
    #[schema(value_type = Option<bool>, example = true)]
    send_invitation: Given<bool>,
    /// The `updated_at` that a change was made from; the change is refused with 409 where someone else was faster.
    #[schema(value_type = Option<String>)]
    updated_at: Given<String>,
}

/// What a request says of a booking, each part read by itself.
pub(crate) struct ReadBooking {
    pub(crate) domain_name: Option<DomainName>,
    pub(crate) contact: Option<Contact>,
    pub(crate) email: Option<EmailAddress>,
    pub(crate) name: Option<Name>,
    pub(crate) language: Option<Language>,
    pub(crate) starts_at: Option<Moment>,
    pub(crate) ends_at: Option<Moment>,
    pub(crate) status: Option<BookingStatus>,
    pub(crate) title: Option<Title>,
    pub(crate) notes: Option<Notes>,
    pub(crate) outside_hours: bool,
    pub(crate) send_invitation: bool,
    pub(crate) updated_at: Option<Moment>,
}

impl BookingFields {
    /// The fields of a request, whichever way they are spelled.
    pub(crate) fn of(mut object: JsonObject) -> Result<Self, ApiError> {
        object.alias("name", &["client_name"]);
        object.alias("email_address", &["email", "client_email"]);
        object.read()
    }

    pub(crate) fn read(self, fields: &mut Fields) -> ReadBooking {
        let (field, contact) = fields.either(("contact", self.contact), ("phone_number", self.phone_number));
        ReadBooking {
            domain_name: domain_name(fields, self.domain_name),
            contact: fields.parse(field, contact, str::parse),
            email: fields.parse("email_address", self.email_address, str::parse),
            name: fields.line("name", self.name),
            language: fields.parse("language", self.language, str::parse),
            starts_at: fields.parse("starts_at", self.starts_at, read_minute),
            ends_at: fields.parse("ends_at", self.ends_at, read_minute),
            status: fields.parse("status", self.status, str::parse),
            title: fields.line("title", self.title),
            notes: fields.long_text("notes", self.notes),
            outside_hours: fields.value("outside_hours", self.outside_hours).unwrap_or(false),
            send_invitation: fields.value("send_invitation", self.send_invitation).unwrap_or(false),
            updated_at: fields.parse("updated_at", self.updated_at, read_time),
        }
    }
}

/// The name of the domain, which every request must have.
pub(crate) fn domain_name(fields: &mut Fields, given: Given<String>) -> Option<DomainName> {
    fields.required("domain_name", given, str::parse)
}

/// The booking that a path names.
pub(crate) fn named(id: &str) -> Result<BookingId, ApiError> {
    let unknown =
        |_| ApiError::not_found("There is no such booking on this domain; list the bookings to see which there are.");
    id.parse().map_err(unknown)
}

/// A time as people book it.
fn read_minute(text: &str) -> Result<Moment, &'static str> {
    let at = read_time(text)?;
    if at.as_millisecond() % 60_000 == 0 {
        Ok(at)
    } else {
        Err("must be on a whole minute, such as 2026-06-18T14:30:00Z.")
    }
}
