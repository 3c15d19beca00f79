//! What the SDK's errors say about a request: in words, and whether it can have had an effect.

use std::error::Error;
use std::io;

use aws_sdk_sesv2::error::{ProvideErrorMetadata, SdkError};
use hyper_util::client::legacy;

use crate::error::causes;

/// How far a request got before it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reached {
    /// It never left, so it had no effect.
    Nobody,
    /// The service answered with an error of this status.
    Service(u16),
    /// It may have had its effect or not.
    Unknown,
}

/// How far the request of this error got.
pub(crate) fn reached<E, R: Status>(error: &SdkError<E, R>) -> Reached
where
    E: Error + 'static,
{
    match error {
        SdkError::ConstructionFailure(_) => Reached::Nobody,
        SdkError::DispatchFailure(failure) => match failure.as_connector_error() {
            Some(error) if failure.is_user() || never_connected(error) => Reached::Nobody,
            _ => Reached::Unknown,
        },
        SdkError::ServiceError(answer) => Reached::Service(answer.raw().status()),
        _ => Reached::Unknown,
    }
}

/// An answer that has a status code.
pub(crate) trait Status {
    fn status(&self) -> u16;
}

impl Status for aws_sdk_sesv2::config::http::HttpResponse {
    fn status(&self) -> u16 {
        self.status().as_u16()
    }
}

/// Whether the connection was not made at all. The SDK's own words for it do not tell this from a connection that
/// was lost after sending, but the errors underneath do.
fn never_connected(error: &(dyn Error + 'static)) -> bool {
    causes(error).any(|error| {
        let client = error.downcast_ref::<legacy::Error>();
        let io = error.downcast_ref::<io::Error>();
        client.is_some_and(legacy::Error::is_connect)
            || io.is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
    })
}

/// The error in words: the service's own, else those of every error underneath.
pub(crate) fn words<E>(error: &E) -> String
where
    E: Error + ProvideErrorMetadata + 'static,
{
    match (error.code(), error.message()) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(code), None) => code.to_owned(),
        _ => causes(error).map(ToString::to_string).collect::<Vec<_>>().join(": "),
    }
}
