//! Places phone and WhatsApp calls, one message of the queue `place-call` each.

use hub_runtime::Worker;

use crate::engagement::work;

/// This function and its queue.
#[must_use]
pub fn worker() -> Worker {
    Worker::new("dispatch-place-call", "place-call", work)
}
