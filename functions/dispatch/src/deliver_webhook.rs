//! Tells webhooks, one try for each message of the queue `deliver-webhook`.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use hub_engagements::{DeliveryJob, Hub, deliver};
use hub_runtime::{WorkError, Worker};

/// This function and its queue.
#[must_use]
pub fn worker() -> Worker {
    Worker::new("dispatch-deliver-webhook", "deliver-webhook", work)
}

fn work(hub: Arc<Hub>, body: String) -> BoxFuture<'static, Result<(), WorkError>> {
    async move {
        let job: DeliveryJob = serde_json::from_str(&body)?;
        Ok(deliver(&hub, job).await?)
    }
    .boxed()
}
