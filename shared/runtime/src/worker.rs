//! Functions that a queue wakes: each message is done by itself, and only what failed comes again.

use std::sync::Arc;

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use futures::future::{BoxFuture, join_all};
use hub_engagements::Hub;
use hub_store::StoreError;
use lambda_runtime::{LambdaEvent, service_fn};

use crate::Error;
use crate::clients::deployed_hub;
use crate::observe::observe;

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

    async fn message(&self, hub: Arc<Hub>, message: SqsMessage) -> Option<BatchItemFailure> {
        let error = (self.work)(hub, message.body.unwrap_or_default()).await.err()?;
        let item_identifier = message.message_id.unwrap_or_default();
        tracing::error!(message_id = item_identifier, %error, "the message comes again");
        let mut failure = BatchItemFailure::default();
        failure.item_identifier = item_identifier;
        Some(failure)
    }
}

/// Runs a worker as a Lambda function, until the execution environment ends.
///
/// # Errors
/// When its configuration is wrong or the Lambda runtime cannot be reached.
pub async fn run_worker(worker: Worker) -> Result<(), Error> {
    let metrics = observe(worker.function);
    let hub = deployed_hub().await?;
    let handler = |event: LambdaEvent<SqsEvent>| {
        let hub = Arc::clone(&hub);
        async move {
            let response = worker.batch(&hub, event.payload).await;
            metrics.flush();
            Ok::<_, Error>(response)
        }
    };
    lambda_runtime::run(service_fn(handler)).await
}
