//! `/v2/*`: calls that IVR projects trigger, and how they went (checklist K, outbound-call-trigger.md).
//!
//! | function | route |
//! |---|---|
//! | ivr-call | `POST /v2/call` |
//! | ivr-callresult | `POST /v2/callresult` |

pub mod call;
mod call_fields;
pub mod callresult;
mod input_parameters;

use hub_web::Endpoint;

/// The routes of this area.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![call::endpoint(), callresult::endpoint()]
}
