//! What can go wrong with a table, as the rest of the hub needs to tell it apart.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

/// A fault of the store. None of them is the caller's.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The table is asked more than it can take; a moment later it can.
    #[error("the store is throttled: {0}")]
    Throttled(String),
    /// The table cannot be reached or answers with a fault.
    #[error("the store is out of order: {0}")]
    OutOfOrder(String),
    /// An item is not what this code wrote, or cannot be written as it is.
    #[error("an item cannot be read or written: {0}")]
    Unreadable(String),
}

impl<E> From<SdkError<E>> for StoreError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    fn from(error: SdkError<E>) -> Self {
        let text = aws_sdk_dynamodb::error::DisplayErrorContext(&error).to_string();
        match error.code() {
            Some(
                "ThrottlingException"
                | "ProvisionedThroughputExceededException"
                | "RequestLimitExceeded"
                | "TransactionInProgressException",
            ) => Self::Throttled(text),
            // The hub asked for something that no table can do, which trying again does not mend.
            Some("ValidationException") => Self::Unreadable(text),
            _ => Self::OutOfOrder(text),
        }
    }
}

impl From<serde_dynamo::Error> for StoreError {
    fn from(error: serde_dynamo::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}

impl From<aws_sdk_dynamodb::error::BuildError> for StoreError {
    fn from(error: aws_sdk_dynamodb::error::BuildError) -> Self {
        Self::Unreadable(error.to_string())
    }
}
