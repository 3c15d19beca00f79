//! `/bookings/*`: what is booked in a domain's calendar, and what is still free (checklist M6).
//!
//! | function | route |
//! |---|---|
//! | bookings-create | `POST /bookings` |
//! | bookings-list | `GET /bookings` |
//! | bookings-slots | `GET /bookings/slots` |
//! | bookings-booking | `GET`, `PATCH` and `DELETE /bookings/{booking_id}` |
//! | bookings-invitation | `GET /bookings/invitations/{token}` |

pub mod booking;
mod cancel;
mod change;
pub mod create;
mod fields;
pub mod invitation;
pub mod list;
mod show;
mod shown;
pub mod slots;
mod tell;

use hub_web::Endpoint;

/// The routes of this area.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![create::endpoint(), list::endpoint(), slots::endpoint(), booking::endpoint(), invitation::endpoint()]
}
