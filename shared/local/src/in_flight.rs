//! Requests come first: what happens behind the API shares one database with them here, and waits for a lull.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

/// How long after the last answer there is a lull: a caller who has more to ask has asked by then.
const LULL: Duration = Duration::from_millis(4);

/// How long work behind the API waits at most, so that no load of requests brings it to a halt.
const PATIENCE: Duration = Duration::from_millis(100);

const LOOK_EVERY: Duration = Duration::from_millis(2);

/// How many requests are being answered, and when the last one was.
#[derive(Clone)]
pub(crate) struct InFlight(Arc<Requests>);

struct Requests {
    begun: Instant,
    answering: AtomicUsize,
    /// Microseconds since `begun`.
    last_answer: AtomicU64,
}

/// One request, counted until it is dropped.
struct Counted(InFlight);

impl InFlight {
    /// No request yet.
    pub(crate) fn new() -> Self {
        let (answering, last_answer) = (AtomicUsize::new(0), AtomicU64::new(0));
        Self(Arc::new(Requests { begun: Instant::now(), answering, last_answer }))
    }

    /// Counts a request while it is answered; for [`axum::middleware::from_fn_with_state`].
    pub(crate) async fn count(State(own): State<Self>, request: Request, next: Next) -> Response {
        own.0.answering.fetch_add(1, Ordering::Relaxed);
        let _counted = Counted(own);
        next.run(request).await
    }

    /// Returns in the next lull, or after a while.
    pub(crate) async fn let_pass(&self) {
        let began = Instant::now();
        while self.is_busy() && began.elapsed() < PATIENCE {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    fn is_busy(&self) -> bool {
        let since_last =
            self.0.begun.elapsed().saturating_sub(Duration::from_micros(self.0.last_answer.load(Ordering::Relaxed)));
        self.0.answering.load(Ordering::Relaxed) > 0 || since_last < LULL
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let Requests { begun, answering, last_answer } = &*self.0.0;
        last_answer.store(u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
        answering.fetch_sub(1, Ordering::Relaxed);
    }
}
