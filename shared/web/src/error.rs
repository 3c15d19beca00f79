//! The one place where the domain's errors become HTTP statuses.
//!
//! An error has two messages: `detail` for the caller and `internal` for the log. A 5xx has nothing of the inside in
//! the first.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hub_auth::MissingPermission;
use hub_engagements::{AccessError, ControlError, DirectError, StartError};
use hub_models::fault::{Faults, FieldFault};
use hub_store::StoreError;

use crate::problem::{FieldProblem, Problem};

/// An error on its way to the caller. Its body is written when the request's id is known (see [`crate::app`]).
#[derive(Clone, Debug)]
pub struct ApiError {
    status: StatusCode,
    detail: String,
    errors: Vec<FieldProblem>,
    retry_after: Option<u32>,
    internal: Option<String>,
}

impl ApiError {
    /// An error with this status and advice.
    #[must_use]
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into(), errors: Vec::new(), retry_after: None, internal: None }
    }

    /// 400 for a value or a combination that cannot be taken.
    #[must_use]
    pub fn invalid(faults: &Faults) -> Self {
        Self::of_faults(StatusCode::BAD_REQUEST, faults)
    }

    /// 422 where a required field is missing, else 400: as `/integration/start` tells them apart (checklist A4).
    #[must_use]
    pub fn missing_or_invalid(faults: &Faults) -> Self {
        let missing = faults.any_missing();
        let status = if missing { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::BAD_REQUEST };
        Self::of_faults(status, faults)
    }

    /// 404 for something that is not there, or not the caller's.
    #[must_use]
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    /// 500; the caller learns nothing but that it was not their fault.
    #[must_use]
    pub fn internal(internal: impl Into<String>) -> Self {
        let detail = "Something went wrong on our side. Try again; if it stays, report the request_id.";
        Self { internal: Some(internal.into()), ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, detail) }
    }

    fn of_faults(status: StatusCode, faults: &Faults) -> Self {
        let errors = faults.list().iter().map(problem).collect();
        Self { errors, ..Self::new(status, faults.list().iter().map(sentence).collect::<Vec<_>>().join(" ")) }
    }

    fn retry_after(self, seconds: u32) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// What the log is told and the caller is not.
    pub(crate) fn internal_message(&self) -> Option<&str> {
        self.internal.as_deref()
    }

    pub(crate) fn problem(self, request_id: String) -> Problem {
        let title = self.status.canonical_reason().unwrap_or_default().to_owned();
        Problem { detail: self.detail, status: self.status.as_u16(), title, errors: self.errors, request_id }
    }
}

/// A fault as a sentence that stands for itself: values are called by their field's name.
fn sentence(fault: &FieldFault) -> String {
    let standing = fault.detail.starts_with(|c: char| c.is_uppercase()) || fault.detail.starts_with(&fault.field);
    if standing { fault.detail.clone() } else { format!("{} {}", fault.field, fault.detail) }
}

fn problem(fault: &FieldFault) -> FieldProblem {
    FieldProblem { field: fault.field.clone(), detail: sentence(fault) }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Faults> for ApiError {
    fn from(faults: Faults) -> Self {
        Self::invalid(&faults)
    }
}

impl From<MissingPermission> for ApiError {
    fn from(missing: MissingPermission) -> Self {
        Self::new(StatusCode::FORBIDDEN, missing.to_string())
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Throttled(inner) => {
                let detail = "Too many requests at once; wait a moment and try again.";
                let error = Self::new(StatusCode::TOO_MANY_REQUESTS, detail).retry_after(1);
                Self { internal: Some(inner), ..error }
            }
            StoreError::OutOfOrder(inner) => {
                let detail = "The hub cannot reach its data right now; wait a moment and try again.";
                let error = Self::new(StatusCode::SERVICE_UNAVAILABLE, detail).retry_after(5);
                Self { internal: Some(inner), ..error }
            }
            StoreError::Unreadable(inner) => Self::internal(inner),
        }
    }
}

impl From<AccessError> for ApiError {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::UnknownDomain(_) => Self::not_found(error.to_string()),
            AccessError::Store(error) => error.into(),
        }
    }
}

impl From<StartError> for ApiError {
    fn from(error: StartError) -> Self {
        let detail = error.to_string();
        match error {
            StartError::Access(error) => error.into(),
            StartError::Paused(_) => Self::new(StatusCode::SERVICE_UNAVAILABLE, detail).retry_after(60),
            StartError::Unfit(faults) => Self::invalid(&faults),
            StartError::DoNotContact { .. } => Self::new(StatusCode::FORBIDDEN, detail),
            StartError::TooFewCredits { .. } => Self::new(StatusCode::PAYMENT_REQUIRED, detail),
            StartError::KeyReused => Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail),
            StartError::Store(error) => error.into(),
        }
    }
}

impl From<DirectError> for ApiError {
    fn from(error: DirectError) -> Self {
        match error {
            DirectError::Start(error) => error.into(),
            DirectError::Failed(reason) => Self::new(StatusCode::BAD_REQUEST, reason),
            DirectError::StillSending => Self::new(StatusCode::CONFLICT, error.to_string()).retry_after(1),
        }
    }
}

impl From<ControlError> for ApiError {
    fn from(error: ControlError) -> Self {
        match error {
            ControlError::Unknown(_) => Self::not_found(error.to_string()),
            ControlError::Final { .. } => Self::new(StatusCode::CONFLICT, error.to_string()),
            ControlError::Store(error) => error.into(),
        }
    }
}
