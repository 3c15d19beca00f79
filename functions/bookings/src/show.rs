//! `GET /bookings/{booking_id}`: one booking.

use axum::extract::{Path, State};
use hub_engagements::calendar::booking;
use hub_engagements::domain_of;
use hub_web::{ApiError, App, Authorized, Engagements, Fields, Problem, PublicUrl, QueryFields, Revised};

use crate::fields::{domain_name, named};
use crate::shown::WholeBooking;
use crate::tell::whole;

/// Shows one booking.
#[utoipa::path(
    get, path = "/bookings/{booking_id}", tag = "Bookings",
    params(
        ("booking_id" = String, Path, description = "The booking."),
        ("domain_name" = String, Query, description = "Your tenant domain."),
    ),
    responses(
        (status = 200, body = WholeBooking, headers(("ETag" = String, description = "Its version."))),
        (status = 400, body = Problem, description = "domain_name is missing."),
        (status = 403, body = Problem, description = "No valid API key, or one without engagements."),
        (status = 404, body = Problem, description = "The domain is not on this account, or has no such booking."),
    ),
    security(("api_key" = ["engagements"]))
)]
pub(crate) async fn handle(
    State(hub): State<App>,
    Authorized { caller, .. }: Authorized<Engagements>,
    Path(id): Path<String>,
    public_url: PublicUrl,
    mut query: QueryFields,
) -> Result<Revised<WholeBooking>, ApiError> {
    let mut fields = Fields::default();
    let name = domain_name(&mut fields, query.take("domain_name"));
    let name = fields.finish(name)?;
    domain_of(&hub, caller.account_id(), &name).await?;
    let booking = booking(&hub, &name, named(&id)?).await?;
    whole(&hub, booking, None, public_url).await
}
