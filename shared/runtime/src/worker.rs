//! Functions that a queue wakes: each message is done by itself, and only what failed comes again.

use std::sync::Arc;
use std::time::Instant;

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use futures::future::{BoxFuture, join_all};
use hub_engagements::{Hub, handed_back};
use hub_store::StoreError;
use hub_web::milliseconds_since;
use lambda_runtime::{LambdaEvent, service_fn};
use tracing::field::Empty;
use tracing::{Instrument, error_span};

use crate::Error;
use crate::clients::deployed_hub;
use crate::observe::{InvocationIds, Observer};

/// Why a message was not done. It comes again, and after five times it goes to the dead-letter queue.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// It is not what this queue carries.
    #[error("the message cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// A table could not be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

type Work = fn(Arc<Hub>, String) -> BoxFuture<'static, Result<(), WorkError>>;

/// One function that works off one queue.
#[derive(Clone, Copy)]
pub struct Worker {
    /// The function's name: its binary, its folder of events, its entry in the template.
    pub function: &'static str,
    /// The queue's name.
    pub queue: &'static str,
    work: Work,
}

impl Worker {
    /// A worker of this queue; `work` does one message.
    #[must_use]
    pub fn new(function: &'static str, queue: &'static str, work: Work) -> Self {
        Self { function, queue, work }
    }

    /// Does a batch side by side, and names the messages that must come again.
    pub async fn batch(&self, hub: &Arc<Hub>, event: SqsEvent) -> SqsBatchResponse {
        let done = event.records.into_iter().map(|message| self.message(Arc::clone(hub), message));
        let mut response = SqsBatchResponse::default();
        response.batch_item_failures = join_all(done).await.into_iter().flatten().collect();
        response
    }

    /// A batch as Lambda brings it, with a line at its end.
    pub async fn invoke(&self, hub: &Arc<Hub>, event: SqsEvent) -> SqsBatchResponse {
        let (start, messages) = (Instant::now(), event.records.len());
        let response = self.batch(hub, event).await;
        let failed = response.batch_item_failures.len();
        handed_back(self.queue, failed);
        tracing::info!(messages, failed, milliseconds = milliseconds_since(start), "worked off");
        response
    }

    async fn message(&self, hub: Arc<Hub>, message: SqsMessage) -> Option<BatchItemFailure> {
        let message_id = message.message_id.unwrap_or_default();
        // Of the highest level, so that no log filter takes the ids from the lines that it lets through.
        let span = error_span!("message", message_id, engagement_id = Empty, delivery_id = Empty, batch_id = Empty);
        let done = async {
            let done = (self.work)(hub, message.body.unwrap_or_default()).await;
            done.inspect_err(|error| tracing::error!(%error, "the message comes again"))
        };
        done.instrument(span).await.err()?;
        let mut failure = BatchItemFailure::default();
        failure.item_identifier = message_id;
        Some(failure)
    }
}

/// Runs a worker as a Lambda function, until the execution environment ends.
///
/// # Errors
/// When its configuration is wrong or the Lambda runtime cannot be reached.
#[tokio::main(flavor = "current_thread")]
pub async fn run_worker(worker: Worker) -> Result<(), Error> {
    let observer = Observer::begin(worker.function)?;
    let hub = deployed_hub().await?;
    let handler = |event: LambdaEvent<SqsEvent>| {
        let hub = Arc::clone(&hub);
        async move {
            let ids = InvocationIds::of(&event.context);
            Ok::<_, Error>(observer.observe(ids, worker.invoke(&hub, event.payload)).await)
        }
    };
    lambda_runtime::run(service_fn(handler)).await
}
