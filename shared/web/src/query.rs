//! Query strings, read like bodies: every fault at once.

use std::collections::HashMap;
use std::fmt;

use axum::extract::{FromRequestParts, Query};
use axum::http::StatusCode;
use axum::http::request::Parts;
use hub_models::contact::{Contact, UnknownContact};
use hub_models::moment::Moment;
use hub_store::Cursor;

use crate::error::ApiError;
use crate::fields::Fields;
use crate::given::Given;

/// The fields of a query string.
#[derive(Clone, Debug, Default)]
pub struct QueryFields(HashMap<String, String>);

impl QueryFields {
    /// What was given for a field; an empty value is nothing.
    pub fn take(&mut self, field: &str) -> Given<String> {
        self.0.remove(field).filter(|value| !value.trim().is_empty()).map_or(Given::Nothing, Given::Value)
    }

    pub(crate) fn into_fields(self) -> impl Iterator<Item = (String, String)> {
        self.0.into_iter()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for QueryFields {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let query = Query::<Vec<(String, String)>>::from_request_parts(parts, state).await;
        let pairs = query.map_err(|_| ApiError::new(StatusCode::BAD_REQUEST, "The query string cannot be read."))?;
        Ok(Self(pairs.0.into_iter().collect()))
    }
}

/// A point in time in a query.
///
/// # Errors
/// When it is none.
pub fn read_time(text: &str) -> Result<Moment, &'static str> {
    text.parse().map_err(|_| "must be an ISO 8601 date and time with a zone, such as 2026-06-18T14:30:00Z.")
}

/// A contact in a query, as engagements name it.
///
/// # Errors
/// When it is neither a phone number nor an email address.
pub fn read_contact(text: &str) -> Result<String, UnknownContact> {
    contact_in_query(text).map(|contact| contact.as_str().to_owned())
}

/// A contact in a query. A plus sign that was not encoded has become a space.
///
/// # Errors
/// When it is neither a phone number nor an email address.
pub fn contact_in_query(text: &str) -> Result<Contact, UnknownContact> {
    let text = match text.strip_prefix(' ') {
        _ if text.contains('@') => text.trim().replace(' ', "+"),
        Some(rest) => format!("+{rest}"),
        None => text.to_owned(),
    };
    text.parse()
}

/// Which page of a list is asked for.
#[derive(Clone, Debug)]
pub struct Paging<C = Cursor> {
    /// The most items.
    pub limit: usize,
    /// Where it begins.
    pub cursor: Option<C>,
}

impl Paging {
    /// Reads `limit` and `cursor`.
    pub fn read(fields: &mut Fields, query: &mut QueryFields) -> Self {
        Self::read_with(fields, query, Cursor::decode)
    }
}

impl<C> Paging<C> {
    const DEFAULT: usize = 50;
    const MOST: usize = 100;

    /// Reads `limit` and a `cursor` of another kind.
    pub fn read_with<E: fmt::Display>(
        fields: &mut Fields,
        query: &mut QueryFields,
        decode: impl FnOnce(&str) -> Result<C, E>,
    ) -> Self {
        let limit = fields.parse("limit", query.take("limit"), |text| match text.parse() {
            Ok(limit) if (1..=Self::MOST).contains(&limit) => Ok(limit),
            _ => Err(format!("must be a number from 1 to {}.", Self::MOST)),
        });
        let cursor = fields.parse("cursor", query.take("cursor"), decode);
        Self { limit: limit.unwrap_or(Self::DEFAULT), cursor }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plus_sign_that_became_a_space_is_one_again() {
        for (text, contact) in [
            (" 14165551234", "+14165551234"),
            ("+14165551234", "+14165551234"),
            ("416 555 1234", "+14165551234"),
            ("alex news@example.com", "alex+news@example.com"),
            (" alex@example.com", "alex@example.com"),
        ] {
            assert_eq!(contact_in_query(text).unwrap().as_str(), contact, "{text}");
        }
    }
}
