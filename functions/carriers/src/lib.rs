//! What carriers tell the hub of what they took.
//!
//! | function | woken by |
//! |---|---|
//! | carriers-email-events | the queue `email-events`, which SES fills through EventBridge |

pub mod email_events;

use hub_runtime::Worker;

/// The workers of this area.
#[must_use]
pub fn workers() -> Vec<Worker> {
    vec![email_events::worker()]
}
