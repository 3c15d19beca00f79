//! What happens behind the API: queues are worked off, and what is due is released.
//!
//! | function | woken by |
//! |---|---|
//! | dispatch-send-email | the queue `send-email` |
//! | dispatch-send-message | the queue `send-message` (SMS and WhatsApp messages) |
//! | dispatch-place-call | the queue `place-call` (phone and WhatsApp calls) |
//! | dispatch-deliver-webhook | the queue `deliver-webhook` |
//! | dispatch-release-batch | the queue `release-batch` |
//! | dispatch-release-due | EventBridge, each minute |

pub mod deliver_webhook;
mod engagement;
pub mod place_call;
pub mod release_batch;
pub mod release_due;
pub mod send_email;
pub mod send_message;

use hub_runtime::{Schedule, Worker};

/// The workers of this area.
#[must_use]
pub fn workers() -> Vec<Worker> {
    vec![
        send_email::worker(),
        send_message::worker(),
        place_call::worker(),
        deliver_webhook::worker(),
        release_batch::worker(),
    ]
}

/// The schedules of this area.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    vec![release_due::schedule()]
}
