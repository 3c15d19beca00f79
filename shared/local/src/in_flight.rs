//! Requests come first: what happens behind the API shares one database with them here, and waits while they are many.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

/// How long work behind the API waits at most, so that no load of requests brings it to a halt.
const PATIENCE: Duration = Duration::from_millis(100);

const LOOK_EVERY: Duration = Duration::from_millis(2);

/// How many requests are being answered.
#[derive(Clone, Default)]
pub(crate) struct InFlight(Arc<AtomicUsize>);

/// One request, counted until it is dropped.
struct Counted(InFlight);

impl InFlight {
    /// Counts a request while it is answered; for [`axum::middleware::from_fn_with_state`].
    pub(crate) async fn count(State(own): State<Self>, request: Request, next: Next) -> Response {
        own.0.fetch_add(1, Ordering::Relaxed);
        let _counted = Counted(own);
        next.run(request).await
    }

    /// Returns when no request is being answered, or after a while.
    pub(crate) async fn let_pass(&self) {
        let mut waited = Duration::ZERO;
        while self.0.load(Ordering::Relaxed) > 0 && waited < PATIENCE {
            tokio::time::sleep(LOOK_EVERY).await;
            waited += LOOK_EVERY;
        }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}
