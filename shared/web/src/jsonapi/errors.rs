//! Errors as JSON:API writes them: one for each fault, with a pointer to where it lies.

use axum::http::StatusCode;
use hub_models::fault::{Faults, FieldFault};
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

use crate::error::ApiError;
use crate::problem::FieldProblem;

/// What is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ErrorDocument {
    /// Every fault.
    errors: Vec<ErrorObject>,
}

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
struct ErrorObject {
    /// The HTTP status code.
    #[schema(example = "422")]
    status: String,
    /// The name of the status.
    #[schema(example = "Unprocessable Entity")]
    title: String,
    /// What is wrong and what to do about it.
    #[schema(example = "phone-number must be a phone number in E.164 format, such as +14165551234.")]
    detail: String,
    /// Where it lies.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<ErrorSource>,
    /// A number for it, where it has one: 100 for a voice activity without a trigger.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 100)]
    code: Option<u32>,
}

/// Where a fault lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum ErrorSource {
    /// In the document, as a JSON pointer.
    Pointer(String),
    /// In the query string.
    Parameter(String),
}

impl ErrorDocument {
    pub(crate) fn of(status: StatusCode, detail: String, faults: Vec<FieldProblem>, code: Option<u32>) -> Self {
        let error = |detail, source| ErrorObject {
            status: status.as_u16().to_string(),
            title: status.canonical_reason().unwrap_or_default().to_owned(),
            detail,
            source,
            code,
        };
        if faults.is_empty() {
            return Self { errors: vec![error(detail, None)] };
        }
        let errors = faults.into_iter().map(|fault| error(in_words(&fault), Some(source(fault.field))));
        Self { errors: errors.collect() }
    }
}

/// The fault as a sentence that calls the field by its name, not by the way to it.
fn in_words(fault: &FieldProblem) -> String {
    let name = fault.field.rsplit('/').next().unwrap_or_default();
    fault.detail.strip_prefix(&fault.field).map_or_else(|| fault.detail.clone(), |rest| format!("{name}{rest}"))
}

fn source(field: String) -> ErrorSource {
    if field.starts_with('/') { ErrorSource::Pointer(field) } else { ErrorSource::Parameter(field) }
}

/// The faults of a document that is one, with values that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unprocessable(pub Faults);

impl From<FieldFault> for Unprocessable {
    fn from(fault: FieldFault) -> Self {
        Self(fault.into())
    }
}

impl From<Unprocessable> for ApiError {
    fn from(Unprocessable(faults): Unprocessable) -> Self {
        Self::of_faults(StatusCode::UNPROCESSABLE_ENTITY, &faults)
    }
}

/// What every request to the JSON:API can be refused with.
#[derive(IntoResponses)]
#[allow(dead_code)]
pub(super) enum Refusals {
    /// The document, a parameter or X-Account-Key cannot be taken.
    #[response(status = 400)]
    Malformed(ErrorDocument),
    /// No valid API key by Basic authorization.
    #[response(status = 401)]
    Unauthorized(ErrorDocument),
    /// The API key lacks call_management, or a new resource has an id of its own.
    #[response(status = 403)]
    Forbidden(ErrorDocument),
    /// It is not there, or not on this account.
    #[response(status = 404)]
    Unknown(ErrorDocument),
    /// None of the accepted media types is spoken.
    #[response(status = 406)]
    NotAcceptable(ErrorDocument),
    /// Too many requests; see Retry-After.
    #[response(status = 429)]
    TooMany(ErrorDocument),
}

/// What a document that is sent can be refused with beside that.
#[derive(IntoResponses)]
#[allow(dead_code)]
pub(super) enum NotTaken {
    /// The body is neither JSON:API nor JSON.
    #[response(status = 415)]
    NotJson(ErrorDocument),
    /// A value cannot be taken.
    #[response(status = 422)]
    Unprocessable(ErrorDocument),
}

/// What a new resource can be refused with beside those.
#[derive(IntoResponses)]
#[allow(dead_code)]
pub(super) enum NotCreated {
    /// The type is another.
    #[response(status = 409)]
    Conflict(ErrorDocument),
}

/// What a change can be refused with beside those.
#[derive(IntoResponses)]
#[allow(dead_code)]
pub(super) enum NotChanged {
    /// The type or the id is another, or someone else was faster.
    #[response(status = 409)]
    Conflict(ErrorDocument),
}

/// What a deletion can be refused with beside that.
#[derive(IntoResponses)]
#[allow(dead_code)]
pub(super) enum NotDeleted {
    /// Someone else has changed it meanwhile.
    #[response(status = 409)]
    Conflict(ErrorDocument),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_has_a_pointer_and_is_told_by_its_fields_name() {
        let faults = vec![FieldProblem {
            field: "/data/2/attributes/phone-number".to_owned(),
            detail: "/data/2/attributes/phone-number is required.".to_owned(),
        }];
        let document = ErrorDocument::of(StatusCode::UNPROCESSABLE_ENTITY, String::new(), faults, None);
        let written = serde_json::to_value(document).unwrap();
        assert_eq!(
            written["errors"][0],
            serde_json::json!({"status": "422", "title": "Unprocessable Entity", "detail": "phone-number is required.",
                "source": {"pointer": "/data/2/attributes/phone-number"}})
        );
    }
}
