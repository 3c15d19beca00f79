//! Media types: what a request may come as, and what its answer goes as.
//!
//! Existing clients send `application/json`, or both media types in one header; new ones send JSON:API's own. Each is
//! answered in what it accepts.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;

use crate::error::ApiError;

/// Everything below speaks JSON:API.
const ROOT: &str = "/api/v1/";

const JSON_API: &str = "application/vnd.api+json";

/// What an answer goes as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AnswerType {
    /// Plain JSON.
    Json,
    /// JSON:API.
    JsonApi,
    /// JSON:API with several resources in one request.
    Bulk,
}

/// One media type of a header: its name, and its parameters but those that say nothing of the format.
struct MediaType {
    name: String,
    parameters: Vec<String>,
}

impl MediaType {
    fn all(headers: &HeaderMap, name: HeaderName) -> Vec<Self> {
        let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).filter(|part| !part.trim().is_empty()).map(Self::read).collect()
    }

    fn read(text: &str) -> Self {
        let mut parts = text.split(';').map(|part| part.trim().to_ascii_lowercase().replace('"', ""));
        let name = parts.next().unwrap_or_default();
        let silent = |part: &String| part.is_empty() || part.starts_with("charset=") || part.starts_with("q=");
        Self { name, parameters: parts.filter(|part| !silent(part)).collect() }
    }

    /// What it is of what the hub speaks; parameters that JSON:API does not know make it something else.
    fn known(&self) -> Option<AnswerType> {
        match (self.name.as_str(), self.parameters.as_slice()) {
            (JSON_API, []) => Some(AnswerType::JsonApi),
            (JSON_API, [only]) if only.replace(' ', "") == "ext=bulk" => Some(AnswerType::Bulk),
            ("application/json", _) => Some(AnswerType::Json),
            _ => None,
        }
    }
}

impl AnswerType {
    /// What the caller of a request accepts: JSON:API where it says so, else plain JSON.
    pub(super) fn accepted(headers: &HeaderMap) -> Result<Self, ApiError> {
        let accepted = MediaType::all(headers, header::ACCEPT);
        if accepted.is_empty() {
            return Ok(Self::Json);
        }
        let known: Vec<Self> = accepted.iter().filter_map(MediaType::known).collect();
        let anything = accepted.iter().any(|one| matches!(one.name.as_str(), "*/*" | "application/*"));
        let preferred = [Self::Bulk, Self::JsonApi, Self::Json].into_iter().find(|one| known.contains(one));
        preferred.or(anything.then_some(Self::Json)).ok_or_else(|| {
            let detail = format!("Accept {JSON_API}, with ext=bulk or without parameters, or application/json.");
            ApiError::new(StatusCode::NOT_ACCEPTABLE, detail)
        })
    }

    /// What errors at this path go as where no handler has seen the request: it is no route, or takes another method.
    pub(crate) fn of_path(path: &str) -> Option<Self> {
        path.starts_with(ROOT).then_some(Self::Json)
    }

    /// The type of the resources at a path.
    pub(super) fn kind_at(path: &str) -> &str {
        path.strip_prefix(ROOT).and_then(|rest| rest.split('/').next()).unwrap_or_default()
    }

    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::JsonApi => JSON_API,
            Self::Bulk => "application/vnd.api+json; ext=bulk",
        }
    }

    /// Has an answer, or the error that it may become, go as this.
    pub(super) fn mark(self, response: &mut Response) {
        if response.headers().contains_key(header::CONTENT_TYPE) {
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type()));
        }
        response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept"));
        response.extensions_mut().insert(self);
    }
}

/// Whether a request's body comes as something that is read. One that says nothing of it comes as JSON:API.
pub(super) fn check_content_type(method: &Method, headers: &HeaderMap) -> Result<(), ApiError> {
    let sent = MediaType::all(headers, header::CONTENT_TYPE);
    if !matches!(*method, Method::POST | Method::PATCH) || sent.is_empty() {
        return Ok(());
    }
    if sent.iter().any(|one| one.known().is_some()) {
        return Ok(());
    }
    let detail = format!("Send the body as {JSON_API}, with ext=bulk or without parameters, or as application/json.");
    Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn an_answer_goes_as_what_is_accepted() {
        for (accept, answer) in [
            ("application/vnd.api+json", Some(AnswerType::JsonApi)),
            ("application/vnd.api+json; ext=bulk", Some(AnswerType::Bulk)),
            ("application/vnd.api+json;ext=\"bulk\"", Some(AnswerType::Bulk)),
            ("application/json, text/plain, */*", Some(AnswerType::Json)),
            ("*/*", Some(AnswerType::Json)),
            ("application/json; charset=utf-8,application/vnd.api+json;ext=bulk", Some(AnswerType::Bulk)),
            ("application/vnd.api+json; ext=other", None),
            ("text/html", None),
        ] {
            assert_eq!(AnswerType::accepted(&headers(header::ACCEPT, accept)).ok(), answer, "{accept}");
        }
    }

    #[test]
    fn a_body_comes_as_json_or_as_json_api() {
        let taken = |value| check_content_type(&Method::POST, &headers(header::CONTENT_TYPE, value)).is_ok();
        for good in [
            "application/json; charset=utf-8",
            "application/json; charset=utf-8,application/vnd.api+json;ext=bulk",
            "application/vnd.api+json; ext=bulk",
            "application/vnd.api+json; charset=utf-8",
        ] {
            assert!(taken(good), "{good}");
        }
        for bad in ["text/plain", "application/x-www-form-urlencoded", "application/vnd.api+json; version=2"] {
            assert!(!taken(bad), "{bad}");
        }
    }
}
