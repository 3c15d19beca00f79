//! Two who change the same thing at once: the second is told, where it says what its change was made from.

use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hub_models::fault::{Faults, FieldFault};
use hub_models::moment::Moment;
use serde::Serialize;

use crate::error::ApiError;

/// Which state of something a change is made from, as far as its sender says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Based {
    version: Option<u64>,
    updated_at: Option<Moment>,
}

impl Based {
    /// Reads the header `If-Match`, which names an `ETag`, beside the time of the last change that the body may give.
    ///
    /// # Errors
    /// When the header is no `ETag` of this hub.
    pub fn read(headers: &HeaderMap, updated_at: Option<Moment>) -> Result<Self, ApiError> {
        let Some(header) = headers.get(header::IF_MATCH) else {
            return Ok(Self { version: None, updated_at });
        };
        let tag = header.to_str().unwrap_or_default().trim();
        if tag == "*" {
            return Ok(Self { version: None, updated_at });
        }
        let version = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).and_then(|tag| tag.parse().ok());
        let fault = || FieldFault::invalid("If-Match", "must be the ETag of an earlier answer, quotes included.");
        version.map(|version| Self { version: Some(version), updated_at }).ok_or_else(|| Faults::from(fault()).into())
    }

    /// Passes where the thing is still as its sender saw it, or its sender did not say.
    ///
    /// # Errors
    /// 412 for another `ETag`, 409 for another time of its last change.
    pub fn check(self, version: u64, updated_at: Option<Moment>) -> Result<(), ApiError> {
        let detail = "It was changed by someone else meanwhile; read it again and make your change there.";
        match self {
            Self { version: Some(seen), .. } if seen != version => {
                Err(ApiError::new(StatusCode::PRECONDITION_FAILED, detail))
            }
            Self { updated_at: Some(seen), .. } if Some(seen) != updated_at => {
                Err(ApiError::new(StatusCode::CONFLICT, detail))
            }
            _ => Ok(()),
        }
    }
}

/// A JSON body with the `ETag` of what it shows.
#[derive(Clone, Debug)]
pub struct Revised<T> {
    /// The status.
    pub status: StatusCode,
    /// The version that is shown.
    pub version: u64,
    /// The body.
    pub body: T,
}

impl<T> Revised<T> {
    /// A body that shows this version.
    #[must_use]
    pub fn ok(version: u64, body: T) -> Self {
        Self { status: StatusCode::OK, version, body }
    }
}

impl<T: Serialize> IntoResponse for Revised<T> {
    fn into_response(self) -> Response {
        let tag = format!("\"{}\"", self.version);
        (self.status, [(header::ETAG, tag)], Json(self.body)).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn based(tag: &'static str) -> Result<Based, ApiError> {
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_MATCH, tag.parse().unwrap());
        Based::read(&headers, None)
    }

    #[test]
    fn who_does_not_say_what_the_change_is_made_from_always_passes() {
        assert!(Based::read(&HeaderMap::new(), None).unwrap().check(7, None).is_ok());
        assert!(based("*").unwrap().check(7, None).is_ok());
    }

    #[test]
    fn another_version_or_another_time_does_not_pass() {
        assert!(based("\"7\"").unwrap().check(7, None).is_ok());
        assert!(based("\"6\"").unwrap().check(7, None).is_err());
        let at = Moment::from_millisecond;
        let seen = Based::read(&HeaderMap::new(), Some(at(1))).unwrap();
        assert!(seen.check(7, Some(at(1))).is_ok());
        assert!(seen.check(7, Some(at(2))).is_err() && seen.check(7, None).is_err());
    }

    #[test]
    fn what_is_no_tag_is_refused() {
        for bad in ["7", "\"x\"", "W/\"7\"", "\"7\", \"8\""] {
            assert!(based(bad).is_err(), "{bad}");
        }
    }
}
