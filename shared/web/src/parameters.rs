//! The fields of a request wherever they stand: in its JSON body, or in its query string.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{HeaderMap, header};
use serde_json::{Map, Value};

use crate::body::JsonObject;
use crate::error::ApiError;
use crate::query::QueryFields;

/// The fields of a JSON body, if there is one, and those of the query string that the body does not give.
#[derive(Clone, Debug)]
pub struct Parameters(pub JsonObject);

impl<S: Send + Sync> FromRequest<S> for Parameters {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let query = QueryFields::from_request_parts(&mut parts, state).await?;
        let mut object = if has_body(&parts.headers) {
            JsonObject::from_request(Request::from_parts(parts, body), state).await?
        } else {
            JsonObject(Map::new())
        };
        for (name, value) in query.into_fields() {
            object.fill(&name, Value::String(value));
        }
        Ok(Self(object))
    }
}

/// A body is announced by its type or its length (RFC 9110, section 6.4).
fn has_body(headers: &HeaderMap) -> bool {
    match headers.get(header::CONTENT_LENGTH) {
        Some(length) => length.as_bytes() != b"0",
        None => headers.contains_key(header::CONTENT_TYPE) || headers.contains_key(header::TRANSFER_ENCODING),
    }
}
