//! The time, which tests may move.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

use crate::moment::Moment;

/// Tells the time: the system's, shifted by as much as a test has asked for.
///
/// Clones share the shift, so moving one moves the whole hub.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    shift_ms: Arc<AtomicI64>,
}

impl Clock {
    /// The system's time.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// Now, in whole milliseconds.
    #[must_use]
    pub fn now(&self) -> Moment {
        let real_ms = Timestamp::now().as_millisecond();
        Moment::from_millisecond(real_ms + self.shift_ms.load(Ordering::Relaxed))
    }

    /// Moves the time forward for every clone of this clock.
    pub fn advance(&self, by: SignedDuration) {
        let ms = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.shift_ms.fetch_add(ms, Ordering::Relaxed);
    }
}
