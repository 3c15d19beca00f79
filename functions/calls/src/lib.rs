//! `/calls`: the call log, in which every engagement is a call, whatever its channel (checklist E8).
//!
//! | function | route |
//! |---|---|
//! | calls-list | `GET /calls` |
//! | calls-get | `GET /calls/{call_sid}` |

mod call;
pub mod get;
pub mod list;

use hub_web::Endpoint;

/// The routes of this area.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![list::endpoint(), get::endpoint()]
}
