//! Sends SMS and WhatsApp messages, one message of the queue `send-message` each.

use hub_runtime::Worker;

use crate::engagement::work;

/// This function and its queue.
#[must_use]
pub fn worker() -> Worker {
    Worker::new("dispatch-send-message", "send-message", work)
}
