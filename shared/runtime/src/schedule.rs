//! Functions that the clock wakes.

use std::sync::Arc;
use std::time::Instant;

use futures::future::BoxFuture;
use hub_engagements::Hub;
use hub_store::StoreError;
use hub_web::milliseconds_since;
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::Value;

use crate::Error;
use crate::clients::deployed_hub;
use crate::observe::{InvocationIds, Observer};

type Tick = fn(Arc<Hub>) -> BoxFuture<'static, Result<Value, StoreError>>;

/// One function that EventBridge wakes each minute.
#[derive(Clone, Copy)]
pub struct Schedule {
    /// The function's name: its binary, its folder of events, its entry in the template.
    pub function: &'static str,
    tick: Tick,
}

impl Schedule {
    /// A schedule; `tick` does what is due and says what it did.
    #[must_use]
    pub fn new(function: &'static str, tick: Tick) -> Self {
        Self { function, tick }
    }

    /// Does what is due now.
    ///
    /// # Errors
    /// When a table cannot be used; the next tick does what this one left.
    pub async fn tick(&self, hub: &Arc<Hub>) -> Result<Value, StoreError> {
        (self.tick)(Arc::clone(hub)).await
    }

    /// A tick as Lambda asks for it, with a line at its end.
    ///
    /// # Errors
    /// As [`Schedule::tick`].
    pub async fn invoke(&self, hub: &Arc<Hub>) -> Result<Value, StoreError> {
        let start = Instant::now();
        let did = self.tick(hub).await.inspect_err(|error| tracing::error!(%error, "the tick failed"));
        tracing::info!(ok = did.is_ok(), milliseconds = milliseconds_since(start), "ticked");
        did
    }
}

/// Runs a schedule as a Lambda function, until the execution environment ends.
///
/// # Errors
/// When its configuration is wrong or the Lambda runtime cannot be reached.
#[tokio::main(flavor = "current_thread")]
pub async fn run_schedule(schedule: Schedule) -> Result<(), Error> {
    let observer = Observer::begin(schedule.function)?;
    let hub = deployed_hub().await?;
    let handler = |event: LambdaEvent<Value>| {
        let hub = Arc::clone(&hub);
        async move {
            let ids = InvocationIds::of(&event.context);
            observer.observe(ids, schedule.invoke(&hub)).await.map_err(Error::from)
        }
    };
    lambda_runtime::run(service_fn(handler)).await
}
