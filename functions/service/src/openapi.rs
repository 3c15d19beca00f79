//! `GET /openapi.json`: the API's description.
//!
//! It is a file of this crate, written from the code by a test, so that this function needs none of the others.

use axum::http::header;
use axum::response::IntoResponse;
use hub_web::Endpoint;
use utoipa_axum::routes;

/// The description, as it is served.
pub const OPENAPI: &str = include_str!("../openapi.json");

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("service-openapi", routes!(handle))
}

/// Describes every route, field and error of this API as OpenAPI 3.1.
#[utoipa::path(
    get, path = "/openapi.json", tag = "Service",
    responses((status = 200, content_type = "application/json", body = Object))
)]
async fn handle() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI)
}
