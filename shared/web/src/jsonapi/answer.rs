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
    /// One resource: it is shown, or was changed.
    ///
    /// # Errors
    /// Only by a fault of the hub.
    pub fn one<A: Serialize, R: Serialize>(resource: Resource<A, R>) -> Result<Self, ApiError> {
        Ok(Self { status: StatusCode::OK, location: None, document: Some(written(&Single { data: resource })?) })
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

    /// A resource on which work has begun.
    ///
    /// # Errors
    /// Only by a fault of the hub.
    pub fn accepted<A: Serialize, R: Serialize>(resource: Resource<A, R>) -> Result<Self, ApiError> {
        Ok(Self { status: StatusCode::ACCEPTED, ..Self::one(resource)? })
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
        let document = Some(written(&Collection { data, links, meta: Page { total } })?);
        Ok(Answer { status: StatusCode::OK, location: None, document })
    }
}

/// The document of an answer on its way to who writes it.
#[derive(Clone)]
struct Unwritten(Value);

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let location = self.location.map(|path| [(header::LOCATION, path)]);
        let mut response = (self.status, location, ()).into_response();
        if let Some(document) = self.document {
            response.extensions_mut().insert(Unwritten(document));
        }
        response
    }
}

/// The answer with its document in its body, narrowed to the fields that were asked for.
pub(super) fn write(mut response: Response, asked: &Asked) -> Response {
    let Some(Unwritten(mut document)) = response.extensions_mut().remove() else { return response };
    asked.narrow(&mut document);
    (response.status(), response.headers().clone(), Json(document)).into_response()
}
