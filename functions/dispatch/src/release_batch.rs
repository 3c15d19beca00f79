//! Takes batches further, one message of the queue `release-batch` each.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use hub_engagements::Hub;
use hub_engagements::bulk::{BatchJob, advance};
use hub_runtime::{WorkError, Worker};

/// This function and its queue.
#[must_use]
pub fn worker() -> Worker {
    Worker::new("dispatch-release-batch", "release-batch", work)
}

fn work(hub: Arc<Hub>, body: String) -> BoxFuture<'static, Result<(), WorkError>> {
    async move {
        let job: BatchJob = serde_json::from_str(&body)?;
        Ok(advance(&hub, job).await?)
    }
    .boxed()
}
