//! One message of a dispatch queue: the channel decides the queue, not what is done.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use hub_engagements::{Hub, Job, dispatch};
use hub_runtime::WorkError;

/// Does what is to be done for the engagement that the message names.
pub(crate) fn work(hub: Arc<Hub>, body: String) -> BoxFuture<'static, Result<(), WorkError>> {
    async move {
        let job: Job = serde_json::from_str(&body)?;
        Ok(dispatch(&hub, job).await?)
    }
    .boxed()
}
