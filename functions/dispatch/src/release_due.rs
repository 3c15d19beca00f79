//! Releases what is due and was not taken, each minute.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use hub_engagements::{Hub, release_due};
use hub_runtime::Schedule;
use hub_store::StoreError;
use serde_json::{Value, json};

/// This function.
#[must_use]
pub fn schedule() -> Schedule {
    Schedule::new("dispatch-release-due", tick)
}

fn tick(hub: Arc<Hub>) -> BoxFuture<'static, Result<Value, StoreError>> {
    async move {
        let did = release_due(&hub).await?;
        Ok(json!({ "released": did.released }))
    }
    .boxed()
}
