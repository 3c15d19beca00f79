//! `PATCH /bookings/{booking_id}`: moves a booking, or changes what is known of it.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use hub_engagements::calendar::{BookingError, Occasion, change_booking};
use hub_engagements::domain_of;
use hub_models::calendar::{Booking, Period};
use hub_web::{ApiError, App, Authorized, Based, Engagements, Fields, Parameters, Problem, PublicUrl, Revised};

use crate::fields::{BookingFields, ReadBooking, named};
use crate::shown::WholeBooking;
use crate::tell::{tell, whole};

/// Changes a booking: what is given is changed, what is not stays. One that is moved is `booked` again, because its contact
/// has not confirmed the new time. One that is declined or cancelled gives its time to others; `booked` or `confirmed`
/// takes it back where it is still free.
#[utoipa::path(
    patch, path = "/bookings/{booking_id}", tag = "Bookings",
    params(
        ("booking_id" = String, Path, description = "The booking."),
        ("If-Match" = Option<String>, Header, description = "The ETag that the change was made from."),
    ),
    request_body = BookingFields,
    responses(
        (status = 200, body = WholeBooking, headers(("ETag" = String, description = "The new version."))),
        (status = 400, body = Problem, description = "A value cannot be taken, or the calendar is not open then."),
        (status = 403, body = Problem, description = "No valid API key, or one without engagements."),
        (status = 404, body = Problem, description = "The domain is not on this account, or has no such booking."),
        (status = 409, body = Problem, description = "Another booking has the time, or someone else changed this one since updated_at."),
        (status = 412, body = Problem, description = "Someone else changed it since If-Match."),
    ),
    security(("api_key" = ["engagements"]))
)]
pub(crate) async fn handle(
    State(hub): State<App>,
    Authorized { caller, .. }: Authorized<Engagements>,
    Path(id): Path<String>,
    public_url: PublicUrl,
    headers: HeaderMap,
    Parameters(object): Parameters,
) -> Result<Revised<WholeBooking>, ApiError> {
    let mut fields = Fields::default();
    let new = BookingFields::of(object)?.read(&mut fields);
    let name = fields.finish(new.domain_name.clone())?;
    let based = Based::read(&headers, new.updated_at)?;
    let domain = domain_of(&hub, caller.account_id(), &name).await?;
    let change = |before: &Booking| -> Result<Booking, ApiError> {
        based.check(before.version, Some(before.updated_at))?;
        Ok(changed(before, &new)?)
    };
    let changed = change_booking(&hub, &name, named(&id)?, new.outside_hours, change).await?;
    let occasion = new.send_invitation.then(|| Occasion::of(&changed));
    let invited = tell(&hub, &caller, domain, &changed.now, occasion).await?;
    whole(&hub, changed.now, invited, public_url).await
}

fn changed(before: &Booking, new: &ReadBooking) -> Result<Booking, BookingError> {
    let starts_at = new.starts_at.unwrap_or(before.period.starts_at());
    let as_long = || match new.starts_at {
        Some(starts_at) => starts_at + before.period.length(),
        None => before.period.ends_at(),
    };
    let period = Period::of_booking(starts_at, new.ends_at.unwrap_or_else(as_long))?;
    let moved = if period == before.period { before.clone() } else { before.clone().at(period) };
    Ok(Booking {
        status: new.status.unwrap_or(moved.status),
        contact: new.contact.as_ref().unwrap_or(&moved.contact).clone(),
        email: new.email.clone().or(moved.email.clone()),
        name: new.name.clone().or(moved.name.clone()),
        language: new.language.unwrap_or(moved.language),
        title: new.title.clone().or(moved.title.clone()),
        notes: new.notes.clone().or(moved.notes.clone()),
        ..moved
    })
}
