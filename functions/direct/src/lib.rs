//! `/start`: start one engagement, send it within the request and get its `call_sid`.
//!
//! | function | route |
//! |---|---|
//! | direct-start | `POST /start` |

pub mod start;

use hub_web::Endpoint;

/// The routes of this area.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![start::endpoint()]
}
