//! The body of every error response (checklist A3).

use serde::Serialize;
use utoipa::ToSchema;

/// What is wrong and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// What to do, in a sentence or two.
    #[schema(example = "domain_name is required.")]
    pub detail: String,
    /// The HTTP status code.
    #[schema(example = 422)]
    pub status: u16,
    /// The name of the status.
    #[schema(example = "Unprocessable Entity")]
    pub title: String,
    /// The fields at fault, all of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    /// The request's id in the hub's log.
    pub request_id: String,
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The field, with dots into nested objects.
    #[schema(example = "domain_name")]
    pub field: String,
    /// What is wrong with it.
    #[schema(example = "domain_name is required.")]
    pub detail: String,
}
