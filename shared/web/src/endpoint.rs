//! The hub's routes: each endpoint names its function, its route and its documentation in one place.

use std::time::Instant;

use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use axum::{Json, Router};
use tracing::Instrument;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Info, OpenApi};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use uuid::Uuid;

use crate::App;
use crate::error::ApiError;

/// One endpoint: one Lambda function, one route.
pub struct Endpoint {
    /// The function's name: its binary, its folder of events, its entry in the template.
    pub function: &'static str,
    routes: UtoipaMethodRouter<App>,
}

impl Endpoint {
    /// An endpoint of this function; `routes` comes from `utoipa_axum::routes!`.
    #[must_use]
    pub fn new(function: &'static str, routes: UtoipaMethodRouter<App>) -> Self {
        Self { function, routes }
    }
}

/// The service of these endpoints.
pub fn app(endpoints: Vec<Endpoint>, hub: App) -> Router {
    let (router, _) = split(endpoints);
    finished(router.fallback(not_found).method_not_allowed_fallback(method_not_allowed).with_state(hub))
}

/// The service of everything that is no route: 405 for these paths, 404 for all others.
pub fn not_found_app<'a>(paths: impl IntoIterator<Item = &'a str>) -> Router {
    let router = paths.into_iter().fold(Router::new(), |router, path| router.route(path, any(method_not_allowed)));
    finished(router.fallback(not_found))
}

/// The documentation of these endpoints.
#[must_use]
pub fn openapi(endpoints: Vec<Endpoint>) -> OpenApi {
    let mut document = split(endpoints).1;
    document.info = Info::builder()
        .title("Engagement hub")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Start customer engagements by phone, SMS, WhatsApp and email, follow them, and be told how they ended.",
        ))
        .build();
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("api_key", bearer("An API key of an account."));
    components.add_security_scheme("operator_key", bearer("The operator's key."));
    document
}

fn bearer(description: &str) -> SecurityScheme {
    let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(description)).build();
    SecurityScheme::Http(scheme)
}

fn split(endpoints: Vec<Endpoint>) -> (Router<App>, OpenApi) {
    let router = endpoints.into_iter().fold(OpenApiRouter::new(), |router, endpoint| router.routes(endpoint.routes));
    router.split_for_parts()
}

/// Routes with what every service of the hub has around them: an id for each request, errors in the API's shape, a log
/// line.
pub fn finished(router: Router) -> Router {
    router.layer(from_fn(finish))
}

async fn not_found() -> ApiError {
    ApiError::not_found("There is nothing at this path; see GET /openapi.json for what there is.")
}

async fn method_not_allowed() -> ApiError {
    let detail = "This path does not take this method; see GET /openapi.json for what it takes.";
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, detail)
}

/// Gives every request an id, writes the body of errors, and logs one line. Logs hold ids, never bodies or contacts.
async fn finish(request: Request, next: Next) -> Response {
    let request_id = Uuid::now_v7().to_string();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("(none)".to_owned(), |path| path.as_str().to_owned());
    let span = tracing::info_span!("request", %request_id, %method, route);
    async move {
        let start = Instant::now();
        let mut response = written(next.run(request).await, &request_id);
        if let Ok(value) = HeaderValue::from_str(&request_id) {
            response.headers_mut().insert("x-request-id", value);
        }
        tracing::info!(status = response.status().as_u16(), ms = start.elapsed().as_millis(), "answered");
        response
    }
    .instrument(span)
    .await
}

/// The error of a response that no handler has made: axum refuses paths that it cannot read, in plain text.
fn refused_by_the_router(response: &Response) -> Option<ApiError> {
    let status = response.status();
    let content_type = response.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    let refused = status.is_client_error() && content_type.starts_with("text/plain");
    refused.then(|| ApiError::new(status, "The path cannot be read; encode it as UTF-8 with percent signs."))
}

fn written(mut response: Response, request_id: &str) -> Response {
    let error = response.extensions_mut().remove::<ApiError>();
    let Some(error) = error.or_else(|| refused_by_the_router(&response)) else {
        return response;
    };
    if let Some(internal) = error.internal_message() {
        tracing::error!(internal, "failed");
    }
    let (mut parts, _) = response.into_parts();
    let body = Json(error.problem(request_id.to_owned())).into_response().into_body();
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::new(body))
}
