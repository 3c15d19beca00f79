//! `POST /bookings`: a new booking.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use hub_auth::Caller;
use hub_engagements::calendar::{Booked, NewBooking, Occasion, Origin, book};
use hub_engagements::{IdempotencyKey, domain_of};
use hub_models::channel::Language;
use hub_models::contact::Contact;
use hub_web::{
    ApiError, App, Authorized, Endpoint, Engagements, Fields, JsonObject, Problem, PublicUrl, Revised, idempotency_key,
};
use utoipa_axum::routes;

use crate::fields::{BookingFields, ReadBooking};
use crate::shown::WholeBooking;
use crate::tell::{tell, whole};

const ROUTE: &str = "/bookings";

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("bookings-create", routes!(handle))
}

/// Books a time in the domain's calendar. No two bookings ever overlap, however many are asked for at once.
#[utoipa::path(
    post, path = "/bookings", tag = "Bookings",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours.")),
    request_body = BookingFields,
    responses(
        (status = 201, body = WholeBooking, headers(("ETag" = String, description = "Its version."))),
        (status = 400, body = Problem, description = "A value cannot be taken, the calendar is not open then, or there is none."),
        (status = 403, body = Problem, description = "No valid API key, or one without engagements."),
        (status = 404, body = Problem, description = "The domain is not on this account."),
        (status = 409, body = Problem, description = "Another booking has the time."),
        (status = 422, body = Problem, description = "The idempotency key came with another request."),
    ),
    security(("api_key" = ["engagements"]))
)]
async fn handle(
    State(hub): State<App>,
    Authorized { caller, .. }: Authorized<Engagements>,
    public_url: PublicUrl,
    headers: HeaderMap,
    body: JsonObject,
) -> Result<Revised<WholeBooking>, ApiError> {
    let (key, request_hash) = (idempotency_key(&headers)?, body.hash());
    let (new, send_invitation) = read(BookingFields::of(body)?, &caller, key, request_hash)?;
    let domain = domain_of(&hub, caller.account_id(), &new.domain_name).await?;
    let Booked { booking, .. } = book(&hub, new).await?;
    // A repetition finds what the first try sent. It tells nothing of what has changed since.
    let occasion = (send_invitation && booking.version == 1).then_some(Occasion::Booked);
    let invited = tell(&hub, &caller, domain, &booking, occasion).await?;
    let shown = whole(&hub, booking, invited, public_url).await?;
    Ok(Revised { status: StatusCode::CREATED, ..shown })
}

fn read(
    given: BookingFields,
    caller: &Caller,
    key: Option<IdempotencyKey>,
    request_hash: String,
) -> Result<(NewBooking, bool), ApiError> {
    let mut fields = Fields::default();
    let read = given.read(&mut fields);
    let contact = whose(&mut fields, &read);
    if read.starts_at.is_none() && !fields.is_at_fault("starts_at") {
        fields.missing("starts_at");
    }
    let ReadBooking { email, name, language, ends_at, title, notes, outside_hours, send_invitation, .. } = read;
    let origin = Origin::Request { account_id: caller.account_id(), route: ROUTE, key, request_hash };
    let parts = read.domain_name.zip(contact).zip(read.starts_at);
    Ok(fields.finish(parts.map(|((domain_name, contact), starts_at)| {
        let language = language.unwrap_or(Language::En);
        let new = NewBooking {
            domain_name,
            origin,
            contact,
            email,
            name,
            language,
            starts_at,
            ends_at,
            title,
            notes,
            outside_hours,
        };
        (new, send_invitation)
    }))?)
}

/// Whose a new booking is: the contact that is named, else the address that invitations go to.
fn whose(fields: &mut Fields, read: &ReadBooking) -> Option<Contact> {
    let contact = read.contact.clone().or_else(|| read.email.clone().map(Contact::Email));
    let told = ["contact", "phone_number", "email_address"].iter().any(|field| fields.is_at_fault(field));
    if contact.is_none() && !told {
        fields.missing("contact");
    }
    contact
}
