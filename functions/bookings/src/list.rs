//! `GET /bookings`: the bookings of a domain, in the order of their times.

use axum::Json;
use axum::extract::State;
use hub_engagements::calendar::teller;
use hub_engagements::domain_of;
use hub_models::domain::DomainName;
use hub_store::{BookingCursor, BookingFilter};
use hub_web::{
    ApiError, App, Authorized, Endpoint, Engagements, Fields, Paging, Problem, QueryFields, contact_in_query, read_time,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::fields::domain_name;
use crate::shown::ShownBooking;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("bookings-list", routes!(handle))
}

/// A page of bookings.
#[derive(Serialize, ToSchema)]
struct BookingList {
    /// The bookings, in the order of their times.
    bookings: Vec<ShownBooking>,
    /// Send it as `cursor` for the next page; null after the last. A page may be short and still have one.
    next_cursor: Option<String>,
}

/// Lists the bookings of a domain in the order of their times, also those that are declined or cancelled.
#[utoipa::path(
    get, path = "/bookings", tag = "Bookings",
    params(
        ("domain_name" = String, Query, description = "Your tenant domain."),
        ("from" = Option<String>, Query, description = "Beginning at or after, ISO 8601."),
        ("to" = Option<String>, Query, description = "Beginning before, ISO 8601."),
        ("status" = Option<String>, Query, description = "booked, confirmed, declined or cancelled."),
        ("contact" = Option<String>, Query, description = "The phone number or email address."),
        ("limit" = Option<u32>, Query, description = "At most so many, 1 to 100; 50 by default."),
        ("cursor" = Option<String>, Query, description = "The next_cursor of the page before."),
    ),
    responses(
        (status = 200, body = BookingList),
        (status = 400, body = Problem, description = "A parameter cannot be taken."),
        (status = 403, body = Problem, description = "No valid API key, or one without engagements."),
        (status = 404, body = Problem, description = "The domain is not on this account."),
    ),
    security(("api_key" = ["engagements"]))
)]
async fn handle(
    State(hub): State<App>,
    Authorized { caller, .. }: Authorized<Engagements>,
    query: QueryFields,
) -> Result<Json<BookingList>, ApiError> {
    let (name, filter, paging) = read(query)?;
    domain_of(&hub, caller.account_id(), &name).await?;
    let page = hub.store.bookings(&name, &filter, paging.cursor, paging.limit).await?;
    let teller = teller(&hub, &name).await?;
    let bookings = page.items.into_iter().map(|booking| ShownBooking::of(booking, &teller)).collect();
    Ok(Json(BookingList { bookings, next_cursor: page.next.map(|cursor| cursor.encode()) }))
}

fn read(mut query: QueryFields) -> Result<(DomainName, BookingFilter, Paging<BookingCursor>), ApiError> {
    let mut fields = Fields::default();
    let name = domain_name(&mut fields, query.take("domain_name"));
    let filter = BookingFilter {
        from: fields.parse("from", query.take("from"), read_time),
        to: fields.parse("to", query.take("to"), read_time),
        status: fields.parse("status", query.take("status"), str::parse),
        contact: fields.parse("contact", query.take("contact"), contact_in_query),
    };
    let paging = Paging::read_with(&mut fields, &mut query, BookingCursor::decode);
    Ok(fields.finish(name.map(|name| (name, filter, paging)))?)
}
