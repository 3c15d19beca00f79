//! Sends emails, one message of the queue `send-email` each.

use hub_runtime::Worker;

use crate::engagement::work;

/// This function and its queue.
#[must_use]
pub fn worker() -> Worker {
    Worker::new("dispatch-send-email", "send-email", work)
}
