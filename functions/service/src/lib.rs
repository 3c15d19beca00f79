//! What the hub says of itself: whether it is well, what its API is, and that a path is none of it.
//!
//! | function | route |
//! |---|---|
//! | service-health | `GET /health` |
//! | service-openapi | `GET /openapi.json` |
//! | service-unknown | `$default`: every path and method that is no route |

pub mod health;
pub mod openapi;
pub mod unknown;

use hub_web::Endpoint;

/// The routes of this area. What is no route has none: see [`unknown`].
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![health::endpoint(), openapi::endpoint()]
}
