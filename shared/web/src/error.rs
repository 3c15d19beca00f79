//! The one place where the domain's errors become HTTP statuses.
//!
//! An error has two messages: `detail` for the caller and `internal` for the log. A 5xx has nothing of the inside in
//! the first.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hub_auth::MissingPermission;
use hub_channels::ProviderError;
use hub_engagements::bulk::{BatchError, RetryError, SubmitError};
use hub_engagements::calendar::BookingError;
use hub_engagements::voice::VoiceError;
use hub_engagements::{AccessError, ControlError, DirectError, LinkError, PreviewError, StartError};
use hub_models::batch::SkippedRow;
use hub_models::fault::{Faults, FieldFault};
use hub_models::text::with_names;
use hub_models::voice::CampaignError;
use hub_store::StoreError;

use crate::jsonapi::ErrorDocument;
use crate::problem::{FieldProblem, Problem};

/// An error on its way to the caller. Its body is written when the request's id is known (see [`crate::app`]).
#[derive(Clone, Debug)]
pub struct ApiError {
    status: StatusCode,
    detail: String,
    errors: Vec<FieldProblem>,
    /// A number for the fault, where a dialect has one.
    code: Option<u32>,
    /// How to say who calls, where that was not said or not believed.
    challenge: Option<&'static str>,
    retry_after: Option<u32>,
    internal: Option<String>,
}

impl ApiError {
    /// An error with this status and advice.
    #[must_use]
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            detail: detail.into(),
            errors: Vec::new(),
            code: None,
            challenge: None,
            retry_after: None,
            internal: None,
        }
    }

    /// 401 for a caller who is to say who they are by this scheme.
    #[must_use]
    pub fn unauthorized(challenge: &'static str, detail: impl Into<String>) -> Self {
        Self { challenge: Some(challenge), ..Self::new(StatusCode::UNAUTHORIZED, detail) }
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

    /// An error of one field.
    #[must_use]
    pub fn of_field(status: StatusCode, fault: FieldFault) -> Self {
        Self::of_faults(status, &fault.into())
    }

    /// The same of several.
    #[must_use]
    pub fn of_faults(status: StatusCode, faults: &Faults) -> Self {
        let errors = faults.list().iter().map(problem).collect();
        Self { errors, ..Self::new(status, faults.sentences()) }
    }

    /// 409 for a change of something that someone else has changed meanwhile.
    #[must_use]
    pub fn overtaken() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "It was changed by someone else meanwhile; read it again and make your change there.",
        )
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

    /// The same error in the words of a dialect, which calls each of these fields by its second name.
    #[must_use]
    pub fn in_words(self, names: &[(&str, &str)]) -> Self {
        let renamed = |problem: FieldProblem| FieldProblem {
            field: with_names(&problem.field, names),
            detail: with_names(&problem.detail, names),
        };
        let errors = self.errors.into_iter().map(renamed).collect();
        Self { detail: with_names(&self.detail, names), errors, ..self }
    }

    fn retry_after(self, seconds: u32) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// What the log is told and the caller is not.
    pub(crate) fn internal_message(&self) -> Option<&str> {
        self.internal.as_deref()
    }

    /// The error as the JSON:API writes it.
    pub(crate) fn errors(self) -> ErrorDocument {
        ErrorDocument::of(self.status, self.detail, self.errors, self.code)
    }

    pub(crate) fn problem(self, request_id: String) -> Problem {
        let title = self.status.canonical_reason().unwrap_or_default().to_owned();
        Problem { detail: self.detail, status: self.status.as_u16(), title, errors: self.errors, request_id }
    }
}

fn problem(fault: &FieldFault) -> FieldProblem {
    FieldProblem { field: fault.field.clone(), detail: fault.sentence() }
}

/// The most rows that an error names. Nobody mends more from it, and the rest have the same faults.
const MOST_ROWS_NAMED: usize = 1_000;

fn skipped_row(skipped: &SkippedRow) -> FieldProblem {
    FieldProblem { field: format!("rows.{}", skipped.number), detail: skipped.to_string() }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(challenge) = self.challenge {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
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

impl From<PreviewError> for ApiError {
    fn from(error: PreviewError) -> Self {
        let detail = error.to_string();
        match error {
            PreviewError::Unfit(fault) => Self::invalid(&Faults::from(fault)),
            PreviewError::NoSender(_) | PreviewError::Compose(_) => Self::new(StatusCode::BAD_REQUEST, detail),
            PreviewError::Writer(ProviderError::Refused { reason, .. }) => Self::new(StatusCode::BAD_REQUEST, reason),
            PreviewError::Writer(
                ProviderError::OutOfOrder { reason }
                | ProviderError::Busy { reason }
                | ProviderError::Unknown { reason },
            ) => {
                let detail = "The writer is out of order right now; wait a moment and try again.";
                let error = Self::new(StatusCode::SERVICE_UNAVAILABLE, detail).retry_after(5);
                Self { internal: Some(reason), ..error }
            }
            PreviewError::Store(error) => error.into(),
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

impl From<SubmitError> for ApiError {
    fn from(error: SubmitError) -> Self {
        let detail = error.to_string();
        match error {
            SubmitError::Access(error) => error.into(),
            SubmitError::Paused(_) => Self::new(StatusCode::SERVICE_UNAVAILABLE, detail).retry_after(60),
            SubmitError::NoRows { skipped } => {
                let errors = skipped.iter().take(MOST_ROWS_NAMED).map(skipped_row).collect();
                Self { errors, ..Self::new(StatusCode::BAD_REQUEST, detail) }
            }
            SubmitError::TooFewCredits { .. } => Self::new(StatusCode::PAYMENT_REQUIRED, detail),
            SubmitError::KeyReused => Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail),
            SubmitError::Reopened => Self::new(StatusCode::CONFLICT, detail),
            SubmitError::Store(error) => error.into(),
        }
    }
}

impl From<BatchError> for ApiError {
    fn from(error: BatchError) -> Self {
        match error {
            BatchError::Unknown(_) => Self::not_found(error.to_string()),
            BatchError::NotNow { .. } => Self::new(StatusCode::CONFLICT, error.to_string()),
            BatchError::Store(error) => error.into(),
        }
    }
}

impl From<RetryError> for ApiError {
    fn from(error: RetryError) -> Self {
        match error {
            RetryError::Batch(error) => error.into(),
            RetryError::TestKey(_) => Self::new(StatusCode::FORBIDDEN, error.to_string()),
            RetryError::Submit(error) => error.into(),
        }
    }
}

impl From<BookingError> for ApiError {
    fn from(error: BookingError) -> Self {
        let detail = error.to_string();
        let invalid = |field: &str| Self::invalid(&Faults::from(FieldFault::invalid(field, &detail)));
        match error {
            BookingError::NoCalendar(_) => Self::new(StatusCode::BAD_REQUEST, detail),
            BookingError::Unknown(_) => Self::not_found(detail),
            BookingError::Length(_) => invalid("ends_at"),
            BookingError::Past | BookingError::Closed(_) => invalid("starts_at"),
            BookingError::Taken => Self::new(StatusCode::CONFLICT, detail),
            BookingError::KeyReused => Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail),
            BookingError::Store(error) => error.into(),
        }
    }
}

/// What real clients of the JSON:API know this fault by.
const MISSING_TRIGGER: u32 = 100;

impl From<CampaignError> for ApiError {
    fn from(error: CampaignError) -> Self {
        let detail = error.to_string();
        match error {
            CampaignError::Submitted | CampaignError::HasActivity => Self::new(StatusCode::CONFLICT, detail),
            CampaignError::MissingTrigger(_) => {
                Self { code: Some(MISSING_TRIGGER), ..Self::new(StatusCode::BAD_REQUEST, detail) }
            }
            CampaignError::NoActivity
            | CampaignError::MissingTemplate(_)
            | CampaignError::LostTemplate
            | CampaignError::NoCallerId
            | CampaignError::NoEnvelopes => Self::new(StatusCode::BAD_REQUEST, detail),
            CampaignError::TooManyEnvelopes | CampaignError::TooManyTriggers => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
            }
        }
    }
}

impl From<LinkError> for ApiError {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::Store(error) => error.into(),
            LinkError::Secrets(error) => Self::internal(error.to_string()),
        }
    }
}

impl From<VoiceError> for ApiError {
    fn from(error: VoiceError) -> Self {
        match error {
            VoiceError::Unknown { .. } => Self::not_found(error.to_string()),
            VoiceError::Campaign(error) => error.into(),
            VoiceError::WrongCode(wrong) => {
                Self::of_field(StatusCode::UNPROCESSABLE_ENTITY, FieldFault::invalid("/data/attributes/code", wrong))
            }
            // They are faults of a start that the caller has not written, so there is nothing to point to.
            VoiceError::Start(StartError::Unfit(faults)) => Self::new(StatusCode::BAD_REQUEST, faults.sentences()),
            VoiceError::Start(error) => error.into(),
            VoiceError::Submit(error) => error.into(),
            VoiceError::Store(error) => error.into(),
        }
    }
}
