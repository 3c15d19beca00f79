//! `GET /bookings/invitations/{token}`: the calendar file of a booking, behind a signed link.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use hub_engagements::calendar::invitation_file;
use hub_web::{ApiError, App, Endpoint, Problem};
use utoipa_axum::routes;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("bookings-invitation", routes!(handle))
}

/// Gives the booking as a file that calendar programs read, as it is now.
///
/// It asks for no key: the token is signed.
#[utoipa::path(
    get, path = "/bookings/invitations/{token}", tag = "Bookings",
    params(("token" = String, Path, description = "The token of the booking's invitation_url.")),
    responses(
        (status = 200, content_type = "text/calendar", body = String, description = "An iCalendar file (RFC 5545)."),
        (status = 404, body = Problem, description = "The link is not one of this hub."),
    )
)]
async fn handle(State(hub): State<App>, Path(token): Path<String>) -> Result<Response, ApiError> {
    let file = invitation_file(&hub, &token).await?;
    let file = file.ok_or_else(|| ApiError::not_found("This link does not work; ask for a new one."))?;
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"appointment.ics\""),
        // The booking may be moved, and the link is its owner's alone.
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, file).into_response())
}
