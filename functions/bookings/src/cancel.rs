//! `DELETE /bookings/{booking_id}`: calls a booking off.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use hub_engagements::calendar::{Occasion, change_booking};
use hub_engagements::domain_of;
use hub_models::calendar::{Booking, BookingStatus};
use hub_web::{ApiError, App, Authorized, Based, Engagements, Fields, Given, Problem, PublicUrl, QueryFields, Revised};

use crate::fields::{domain_name, named};
use crate::shown::WholeBooking;
use crate::tell::{tell, whole};

/// Calls a booking off: its time is free for others, and it stays as it was otherwise, with the status `cancelled`. Doing it
/// twice is doing it once.
#[utoipa::path(
    delete, path = "/bookings/{booking_id}", tag = "Bookings",
    params(
        ("booking_id" = String, Path, description = "The booking."),
        ("domain_name" = String, Query, description = "Your tenant domain."),
        ("send_invitation" = Option<bool>, Query, description = "Send the contact an email that takes it out of the calendar."),
        ("If-Match" = Option<String>, Header, description = "The ETag that it was last seen with."),
    ),
    responses(
        (status = 200, body = WholeBooking, headers(("ETag" = String, description = "The new version."))),
        (status = 400, body = Problem, description = "A parameter cannot be taken."),
        (status = 403, body = Problem, description = "No valid API key, or one without engagements."),
        (status = 404, body = Problem, description = "The domain is not on this account, or has no such booking."),
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
    mut query: QueryFields,
) -> Result<Revised<WholeBooking>, ApiError> {
    let mut fields = Fields::default();
    let name = domain_name(&mut fields, query.take("domain_name"));
    let send_invitation = flag(&mut fields, "send_invitation", query.take("send_invitation"));
    let name = fields.finish(name)?;
    let based = Based::read(&headers, None)?;
    let domain = domain_of(&hub, caller.account_id(), &name).await?;
    let cancel = |before: &Booking| -> Result<Booking, ApiError> {
        based.check(before.version, None)?;
        Ok(Booking { status: BookingStatus::Cancelled, ..before.clone() })
    };
    let changed = change_booking(&hub, &name, named(&id)?, false, cancel).await?;
    let occasion = send_invitation.then(|| Occasion::of(&changed));
    let invited = tell(&hub, &caller, domain, &changed.now, occasion).await?;
    whole(&hub, changed.now, invited, public_url).await
}

/// Whether a query asks for something by `true`.
fn flag(fields: &mut Fields, field: &str, given: Given<String>) -> bool {
    let read = |text: &str| match text {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err("must be true or false."),
    };
    fields.parse(field, given, read).unwrap_or(false)
}
