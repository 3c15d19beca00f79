//! What carriers tell the hub of what they took.
//!
//! | function | woken by |
//! |---|---|
//! | carriers-twilio-voice | `POST /carriers/twilio/voice/answer`, `…/turn`, `…/dialled` |
//! | carriers-twilio-message | `POST /carriers/twilio/message/inbound` |
//! | carriers-twilio-status | `POST /carriers/twilio/voice/status`, `POST /carriers/twilio/message/status` |
//! | carriers-email-events | the queue `email-events`, which SES fills through EventBridge |

mod call_step;
mod callback;
pub mod email_events;
pub mod twilio_message;
pub mod twilio_status;
pub mod twilio_voice;
mod twiml;

use hub_runtime::Worker;
use hub_web::Endpoint;

/// The routes of this area.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![twilio_voice::endpoint(), twilio_message::endpoint(), twilio_status::endpoint()]
}

/// The workers of this area.
#[must_use]
pub fn workers() -> Vec<Worker> {
    vec![email_events::worker()]
}
