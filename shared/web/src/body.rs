//! Bodies of requests: JSON objects, or files, of a sane size.

use axum::body::{Body as HttpBody, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt;
use hub_engagements::{IdempotencyKey, request_hash};
use hub_models::fault::{Faults, FieldFault};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::error::ApiError;
use crate::given::is_blank;

/// The largest body that is read, in bytes.
const LIMIT: usize = 1024 * 1024;

/// The largest form without files, in bytes.
pub(crate) const FORM_LIMIT: usize = 256 * 1024;

/// The largest body of a request that brings many rows, in bytes. A Lambda function takes events of 6 MB, and a file comes
/// in one as base64, four bytes for three.
pub(crate) const LARGE_LIMIT: usize = 4 * 1024 * 1024;

/// Up to here a body that is too large is read to its end, so that its sender gets to see the answer.
const DRAINED: usize = 32 * 1024 * 1024;

/// A JSON object, not yet read into a type.
#[derive(Clone, Debug)]
pub struct JsonObject(pub Map<String, Value>);

impl JsonObject {
    fn parse(bytes: &[u8]) -> Result<Self, ApiError> {
        match serde_json::from_slice(bytes) {
            Ok(Value::Object(object)) => Ok(Self(object)),
            Ok(_) => Err(bad_json("The body must be a JSON object.".to_owned())),
            Err(error) => Err(bad_json(format!("The body is not valid JSON: {error}."))),
        }
    }

    /// What tells this request from another.
    #[must_use]
    pub fn hash(&self) -> String {
        request_hash(&Value::Object(self.0.clone()))
    }

    /// Whether a field is given.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| !is_blank(value))
    }

    /// Gives a field its value, unless it has one.
    pub fn fill(&mut self, name: &str, value: Value) {
        if !self.has(name) {
            self.0.insert(name.to_owned(), value);
        }
    }

    /// Reads a field's other names as its own; what is given under its own wins.
    pub fn alias(&mut self, name: &str, others: &[&str]) {
        for other in others {
            if let Some(value) = self.0.remove(*other) {
                self.fill(name, value);
            }
        }
    }

    /// Fills fields that are not given from an object inside: what stands outside wins.
    pub fn fill_from(&mut self, nested: &str, wanted: impl Fn(&str) -> bool) {
        let Some(Value::Object(inner)) = self.0.get(nested).cloned() else {
            return;
        };
        for (name, value) in inner.into_iter().filter(|(name, _)| wanted(name)) {
            self.fill(&name, value);
        }
    }

    /// The object's fields as a type whose fields are all [`crate::Given`].
    ///
    /// # Errors
    /// When the type cannot take any object, which would be a fault of the hub.
    pub fn read<T: DeserializeOwned>(self) -> Result<T, ApiError> {
        serde_json::from_value(Value::Object(self.0)).map_err(|error| ApiError::internal(error.to_string()))
    }
}

impl<S: Send + Sync> FromRequest<S> for JsonObject {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        read(request, LIMIT).await
    }
}

/// A JSON object that brings many rows.
#[derive(Clone, Debug)]
pub struct LargeJsonObject(pub JsonObject);

impl<S: Send + Sync> FromRequest<S> for LargeJsonObject {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        read(request, LARGE_LIMIT).await.map(Self)
    }
}

async fn read(request: Request, limit: usize) -> Result<JsonObject, ApiError> {
    let is_json = is_json(request.headers());
    let bytes = collect(request.into_body(), limit).await?;
    if !is_json {
        let detail = "Send the body as JSON, with the header \"Content-Type: application/json\".";
        return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    JsonObject::parse(&bytes)
}

/// A JSON object, or the bytes of a CSV file.
#[derive(Clone, Debug)]
pub enum JsonOrCsv {
    /// `application/json`.
    Json(JsonObject),
    /// `text/csv` or `application/csv`, in whatever encoding.
    Csv(Bytes),
}

/// The media types of a CSV file. API Gateway takes the first for UTF-8 and spoils any other encoding; it hands the second
/// on as it came.
const CSV: [&str; 2] = ["text/csv", "application/csv"];

impl<S: Send + Sync> FromRequest<S> for JsonOrCsv {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let (is_json, is_csv) = (is_json(request.headers()), CSV.contains(&media_type(request.headers()).as_str()));
        let bytes = collect(request.into_body(), LIMIT).await?;
        match (is_json, is_csv) {
            (true, _) => JsonObject::parse(&bytes).map(Self::Json),
            (false, true) => Ok(Self::Csv(bytes)),
            (false, false) => {
                let detail = "Send the body as JSON, with the header \"Content-Type: application/json\", \
                              or as a CSV file, with \"Content-Type: text/csv\", or \"application/csv\" where it \
                              is not in UTF-8.";
                Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail))
            }
        }
    }
}

/// A JSON object, read into a type.
#[derive(Clone, Debug)]
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        JsonObject::from_request(request, state).await?.read().map(Self)
    }
}

/// The request's idempotency key, where it has one (checklist A6).
///
/// # Errors
/// When the header cannot be a key.
pub fn idempotency_key(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, ApiError> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let read = value.to_str().unwrap_or_default().parse();
    read.map(Some).map_err(|error| Faults::from(FieldFault::invalid("Idempotency-Key", error)).into())
}

fn bad_json(detail: String) -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, detail)
}

/// `application/json` or any `…+json`, with or without parameters.
fn is_json(headers: &HeaderMap) -> bool {
    let media_type = media_type(headers);
    media_type == "application/json" || media_type.ends_with("+json")
}

/// The content type in lower case, without parameters.
fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

pub(crate) async fn collect(mut body: HttpBody, limit: usize) -> Result<Bytes, ApiError> {
    let (mut collected, mut seen) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| bad_json("The body broke off; send it again.".to_owned()))?;
        let Ok(data) = frame.into_data() else { continue };
        seen += data.len();
        if seen <= limit {
            collected.extend_from_slice(&data);
        } else if seen > DRAINED {
            break;
        }
    }
    if seen > limit {
        let detail = format!("The body is larger than {limit} bytes; send less at once.");
        return Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, detail));
    }
    Ok(collected.into())
}
