//! One call of an AWS service: what was asked, and what is answered.

use std::borrow::Cow;
use std::fmt;

use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use serde::Serialize;
use serde_json::json;

/// The services that are embedded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// DynamoDB.
    DynamoDb,
    /// SQS.
    Sqs,
    /// SES, version 2.
    Ses,
    /// Secrets Manager.
    SecretsManager,
}

impl Service {
    /// The service that AWS serves at `host`. None for any other host, which is then never called.
    fn of_host(host: &str) -> Option<Self> {
        let (label, domain) = host.split_once('.')?;
        if !domain.ends_with(".amazonaws.com") {
            return None;
        }
        match label {
            "dynamodb" => Some(Self::DynamoDb),
            "sqs" => Some(Self::Sqs),
            "email" => Some(Self::Ses),
            "secretsmanager" => Some(Self::SecretsManager),
            _ => None,
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::DynamoDb => "dynamodb",
            Self::Sqs => "sqs",
            Self::Ses => "ses",
            Self::SecretsManager => "secretsmanager",
        })
    }
}

/// A request, read: which operation of which service, and its JSON.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) service: Service,
    pub(super) operation: String,
    pub(super) body: Vec<u8>,
}

impl Call {
    /// Reads `request`, refusing hosts that are not embedded.
    pub(super) fn read(request: &HttpRequest) -> Result<Self, ConnectorError> {
        let uri: http::Uri = request.uri().parse().map_err(|error| refusal(format!("{error}")))?;
        let host = uri.host().unwrap_or_default();
        let service = Service::of_host(host).ok_or_else(|| refusal(format!("no embedded service at {host}")))?;
        let operation = match request.headers().get("x-amz-target") {
            Some(target) => target.rsplit('.').next().unwrap_or(target).to_owned(),
            None => rest_operation(request.method(), uri.path()),
        };
        let body = request.body().bytes().ok_or_else(|| refusal("a streamed body".to_owned()))?.to_vec();
        Ok(Self { service, operation, body })
    }

    /// The JSON asked for, as `T`.
    pub(super) fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, Failure> {
        let body = if self.body.is_empty() { b"{}" } else { self.body.as_slice() };
        serde_json::from_slice(body).map_err(|error| Failure::new("SerializationException", error.to_string()))
    }

    /// What a service says of an operation it does not have.
    pub(super) fn unknown(&self) -> Failure {
        Failure::new("UnknownOperationException", format!("{} is not embedded", self.operation))
    }
}

/// SES alone names its operations by method and path.
fn rest_operation(method: &str, path: &str) -> String {
    match (method, path) {
        ("POST", "/v2/email/outbound-emails") => "SendEmail".to_owned(),
        ("GET", "/v2/email/account") => "GetAccount".to_owned(),
        _ => format!("{method} {path}"),
    }
}

fn refusal(reason: String) -> ConnectorError {
    ConnectorError::user(reason.into())
}

/// What a service answers.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
    error_code: Option<Cow<'static, str>>,
}

impl Answer {
    /// Success, with `body` as JSON.
    pub(super) fn json(body: &impl Serialize) -> Result<Self, Failure> {
        let body = serde_json::to_vec(body).map_err(|error| Failure::internal(&error))?;
        Ok(Self::raw(200, body))
    }

    /// An answer whose JSON is already written.
    pub(super) fn raw(status: u16, body: Vec<u8>) -> Self {
        Self { status, body, error_code: None }
    }

    /// The answer as the SDK reads it. The code goes into every header that one of the protocols looks at.
    pub(super) fn into_response(self) -> Result<HttpResponse, ConnectorError> {
        let mut response = http::Response::builder()
            .status(self.status)
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amzn-requestid", uuid::Uuid::new_v4().to_string());
        if let Some(code) = &self.error_code {
            let side = if self.status < 500 { "Sender" } else { "Receiver" };
            response = response
                .header("x-amzn-errortype", code.as_ref())
                .header("x-amzn-query-error", format!("{code};{side}"));
        }
        let response = response.body(SdkBody::from(self.body)).map_err(|error| refusal(error.to_string()))?;
        HttpResponse::try_from(response).map_err(|error| refusal(error.to_string()))
    }
}

/// An error as AWS words it.
#[derive(Debug)]
pub(super) struct Failure {
    status: u16,
    code: Cow<'static, str>,
    message: String,
}

impl Failure {
    /// The caller's fault.
    pub(super) fn new(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { status: 400, code: code.into(), message: message.into() }
    }

    /// The service's fault, which the SDK tries again.
    pub(super) fn internal(error: &dyn fmt::Display) -> Self {
        tracing::error!(%error, "an embedded service failed");
        Self::new("InternalServerError", error.to_string()).with_status(500)
    }

    /// The same with another status than 400.
    pub(super) fn with_status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    pub(super) fn code(&self) -> &str {
        &self.code
    }

    pub(super) fn message(&self) -> &str {
        &self.message
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::internal(&error)
    }
}

impl From<Failure> for Answer {
    fn from(failure: Failure) -> Self {
        let body = json!({ "__type": failure.code, "message": failure.message });
        Self { status: failure.status, body: body.to_string().into_bytes(), error_code: Some(failure.code) }
    }
}
