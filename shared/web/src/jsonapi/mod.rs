//! JSON:API 1.0 on the wire: media types, documents, errors, paging, filters and sparse fields (checklist L1).
//!
//! It knows no resource. A handler reads a [`NewResource`], does what is asked, and answers with an [`Answer`];
//! [`endpoint`] puts the rest around it.

mod answer;
mod description;
mod document;
mod errors;
mod media;
mod query;
pub mod requests;
mod schema;
mod tenant;

use axum::extract::{FromRequestParts, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::UtoipaMethodRouter;

pub use answer::{Answer, Listing};
pub use document::{NewResource, OneOrMany, Sent, id_in_path};
pub use errors::{ErrorDocument, Unprocessable};
pub(crate) use media::AnswerType;
pub use query::Asked;
pub use schema::{
    Identifier, NoRelationships, Page, PageLinks, RelatedLink, Resource, SelfLink, Timestamp, ToMany, ToOne,
};
pub use tenant::Tenant;

use crate::App;
use crate::endpoint::Endpoint;

/// An endpoint that speaks JSON:API: its answers and its errors are in what the caller accepts, and its description says so.
#[must_use]
pub fn endpoint(function: &'static str, paths: Vec<UtoipaMethodRouter<App>>) -> Endpoint {
    let paths = paths.into_iter().map(description::described).collect();
    Endpoint::of_paths(function, paths).within(speak)
}

async fn speak(request: Request, next: Next) -> Response {
    let (answer_type, refused) = match AnswerType::accepted(request.headers()) {
        Ok(answer_type) => (answer_type, media::check_content_type(request.method(), request.headers()).err()),
        Err(refused) => (AnswerType::Json, Some(refused)),
    };
    let mut response = match refused {
        Some(error) => error.into_response(),
        None => answered(request, next).await,
    };
    answer_type.mark(&mut response);
    response
}

/// The answer of the handler with what was asked of it, unless that is something that is not served.
async fn answered(request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match Asked::from_request_parts(&mut parts, &()).await {
        Ok(asked) => answer::write(next.run(Request::from_parts(parts, body)).await, &asked),
        Err(refused) => refused.into_response(),
    }
}
