//! Query strings, read like bodies: every fault at once.

use std::collections::HashMap;

use axum::extract::{FromRequestParts, Query};
use axum::http::StatusCode;
use axum::http::request::Parts;
use hub_models::channel::Channel;
use hub_models::contact::Contact;
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

/// A contact in a query, as engagements name it. A plus sign that was not encoded has become a space.
///
/// # Errors
/// When it is neither a phone number nor an email address.
pub fn read_contact(text: &str) -> Result<String, &'static str> {
    let channel = if text.contains('@') { Channel::Email } else { Channel::Phone };
    let text = text.strip_prefix(' ').map_or_else(|| text.to_owned(), |rest| format!("+{rest}"));
    let contact = Contact::parse(&text, channel);
    contact
        .map(|contact| contact.as_str().to_owned())
        .map_err(|_| "must be a phone number, such as +14165551234, or an email address.")
}

/// Which page of a list is asked for.
#[derive(Clone, Debug)]
pub struct Paging {
    /// The most items.
    pub limit: usize,
    /// Where it begins.
    pub cursor: Option<Cursor>,
}

impl Paging {
    const DEFAULT: usize = 50;
    const MOST: usize = 100;

    /// Reads `limit` and `cursor`.
    pub fn read(fields: &mut Fields, query: &mut QueryFields) -> Self {
        let limit = fields.parse("limit", query.take("limit"), |text| match text.parse() {
            Ok(limit @ 1..=Self::MOST) => Ok(limit),
            _ => Err(format!("must be a number from 1 to {}.", Self::MOST)),
        });
        let cursor = fields.parse("cursor", query.take("cursor"), Cursor::decode);
        Self { limit: limit.unwrap_or(Self::DEFAULT), cursor }
    }
}
