//! Answers: documents of one resource or a page of them.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;

use super::query::Asked;
use super::schema::{Collection, Page, PageLinks, Resource, Several, Single};
use crate::error::ApiError;

/// A document with its status.
#[derive(Debug)]
pub struct Answer {
    status: StatusCode,
    location: Option<String>,
    document: Option<Value>,
}

impl Answer {
    /// One resource, as it was asked for.
    ///
    /// # Errors
    /// Only by a fault of the hub.
    pub fn one<A: Serialize, R: Serialize>(asked: &Asked, resource: Resource<A, R>) -> Result<Self, ApiError> {
        let mut document = written(&Single { data: resource })?;
        asked.narrow(&mut document);
        Ok(Self { status: StatusCode::OK, location: None, document: Some(document) })
    }

    /// A resource that was made.
    ///
    /// # Errors
    /// Only by a fault of the hub.
    pub fn created<A: Serialize, R: Serialize>(resource: Resource<A, R>) -> Result<Self, ApiError> {
        let location = Some(resource.links.itself.clone());
        let document = Some(written(&Single { data: resource })?);
        Ok(Self { status: StatusCode::CREATED, location, document })
    }

    /// Resources that were made together.
    ///
    /// # Errors
    /// Only by a fault of the hub.
    pub fn created_together<A: Serialize, R: Serialize>(resources: Vec<Resource<A, R>>) -> Result<Self, ApiError> {
        let document = Some(written(&Several { data: resources })?);
        Ok(Self { status: StatusCode::CREATED, location: None, document })
    }

    /// A resource that was changed.
    ///
    /// # Errors
    /// Only by a fault of the hub.
    pub fn changed<A: Serialize, R: Serialize>(resource: Resource<A, R>) -> Result<Self, ApiError> {
        Ok(Self { status: StatusCode::OK, location: None, document: Some(written(&Single { data: resource })?) })
    }

    /// A resource on which work has begun.
    ///
    /// # Errors
    /// Only by a fault of the hub.
    pub fn accepted<A: Serialize, R: Serialize>(resource: Resource<A, R>) -> Result<Self, ApiError> {
        Ok(Self { status: StatusCode::ACCEPTED, ..Self::changed(resource)? })
    }

    /// Nothing is left to be shown.
    #[must_use]
    pub fn gone() -> Self {
        Self { status: StatusCode::NO_CONTENT, location: None, document: None }
    }
}

fn written(document: &impl Serialize) -> Result<Value, ApiError> {
    serde_json::to_value(document).map_err(|error| ApiError::internal(error.to_string()))
}

/// A page of a list, with how many resources there are in all.
#[derive(Debug)]
pub struct Listing<'a> {
    /// Where the list is.
    pub path: &'a str,
    /// What was asked for.
    pub asked: &'a Asked,
    /// How many resources it has on all pages.
    pub total: usize,
}

impl Listing<'_> {
    /// The page with these resources.
    ///
    /// # Errors
    /// Only by a fault of the hub.
    pub fn answer<A: Serialize, R: Serialize>(self, data: Vec<Resource<A, R>>) -> Result<Answer, ApiError> {
        let Self { path, asked, total } = self;
        let last = total.div_ceil(asked.size).max(1);
        let link = |page: usize| format!("{path}?{}", asked.query_of(page));
        let links = PageLinks {
            itself: link(asked.page),
            first: link(1),
            prev: (asked.page > 1).then(|| link((asked.page - 1).min(last))),
            next: (asked.page < last).then(|| link(asked.page + 1)),
            last: link(last),
        };
        let mut document = written(&Collection { data, links, meta: Page { total } })?;
        asked.narrow(&mut document);
        Ok(Answer { status: StatusCode::OK, location: None, document: Some(document) })
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let Some(document) = self.document else { return self.status.into_response() };
        let location = self.location.map(|path| [(header::LOCATION, path)]);
        match location {
            Some(location) => (self.status, location, Json(document)).into_response(),
            None => (self.status, Json(document)).into_response(),
        }
    }
}
