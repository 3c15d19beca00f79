//! `/bookings/{booking_id}`: one booking, shown, changed and called off by one function.

use hub_web::Endpoint;
use utoipa_axum::routes;

use crate::{cancel, change, show};

/// This function and its routes.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("bookings-booking", routes!(show::handle, change::handle, cancel::handle))
}
