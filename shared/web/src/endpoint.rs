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
use tracing::field::Empty;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Info, OpenApi};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter, UtoipaMethodRouterExt};
use uuid::Uuid;

use crate::App;
use crate::error::ApiError;
use crate::jsonapi::AnswerType;

/// One endpoint: one Lambda function, with the routes that it answers.
pub struct Endpoint {
    /// The function's name: its binary, its folder of events, its entry in the template.
    pub function: &'static str,
    routes: Vec<UtoipaMethodRouter<App>>,
}

impl Endpoint {
    /// An endpoint of this function; `routes` comes from `utoipa_axum::routes!`.
    #[must_use]
    pub fn new(function: &'static str, routes: UtoipaMethodRouter<App>) -> Self {
        Self::of_paths(function, vec![routes])
    }

    /// An endpoint of a function that serves several paths: a resource, say, its list and what is done with it.
    #[must_use]
    pub fn of_paths(function: &'static str, routes: Vec<UtoipaMethodRouter<App>>) -> Self {
        Self { function, routes }
    }

    /// The endpoint with another path, which the same function answers.
    #[must_use]
    pub fn and(mut self, routes: UtoipaMethodRouter<App>) -> Self {
        self.routes.push(routes);
        self
    }

    /// The endpoint with `handle` around it, which has the endpoint do its part with `next.run(request)`.
    #[must_use]
    pub fn within<F, Handled>(self, handle: F) -> Self
    where
        F: Fn(Request, Next) -> Handled + Clone + Send + Sync + 'static,
        Handled: Future<Output = Response> + Send + 'static,
    {
        let within = |routes: UtoipaMethodRouter<App>| routes.layer(from_fn(handle.clone()));
        Self { routes: self.routes.into_iter().map(within).collect(), ..self }
    }
}

/// The service of these endpoints.
pub fn app(endpoints: Vec<Endpoint>, hub: App) -> Router {
    let (router, _) = split(endpoints);
    finished(router.fallback(not_found).method_not_allowed_fallback(method_not_allowed).with_state(hub))
}

/// The service of everything that is no route: 405 for these paths, with the methods that each takes, 404 for all others.
pub fn not_found_app<'a>(paths: impl IntoIterator<Item = (&'a str, Vec<String>)>) -> Router {
    let router = paths.into_iter().fold(Router::new(), |router, (path, methods)| {
        let allow = methods.join(",");
        router.route(path, any(async move || ([(header::ALLOW, allow)], method_not_allowed().await)))
    });
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
    components.add_security_scheme("workspace_token", bearer("A token (JWT) of a user of a CRM's workspace."));
    let basic = "The id of an API key as the user, and the key as the password.";
    components.add_security_scheme("basic_api_key", scheme(HttpAuthScheme::Basic, basic));
    document
}

fn bearer(description: &str) -> SecurityScheme {
    scheme(HttpAuthScheme::Bearer, description)
}

fn scheme(scheme: HttpAuthScheme, description: &str) -> SecurityScheme {
    SecurityScheme::Http(HttpBuilder::new().scheme(scheme).description(Some(description)).build())
}

fn split(endpoints: Vec<Endpoint>) -> (Router<App>, OpenApi) {
    let routes = endpoints.into_iter().flat_map(|endpoint| endpoint.routes);
    let router = routes.fold(OpenApiRouter::new(), OpenApiRouter::routes);
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

/// The id that API Gateway gave the request, if any. It is in the gateway's log, our log lines and error bodies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(pub String);

/// Gives every request an id, writes the body of errors, and logs one line. Logs hold ids, never bodies or contacts.
async fn finish(request: Request, next: Next) -> Response {
    let given = request.extensions().get::<RequestId>().cloned();
    let RequestId(request_id) = given.unwrap_or_else(|| RequestId(Uuid::now_v7().to_string()));
    let method = request.method().clone();
    let dialect = AnswerType::of_path(request.uri().path());
    let route = request.extensions().get::<MatchedPath>().map_or("(none)".to_owned(), |path| path.as_str().to_owned());
    // Of the highest level, so that no log filter takes the ids from the lines that it lets through.
    let span = tracing::error_span!("request", request_id, %method, route, engagement_id = Empty, delivery_id = Empty);
    async move {
        let start = Instant::now();
        let mut response = written(next.run(request).await, dialect, &request_id);
        if let Ok(value) = HeaderValue::from_str(&request_id) {
            response.headers_mut().insert("x-request-id", value);
        }
        let milliseconds = milliseconds_since(start);
        tracing::info!(status = response.status().as_u16(), milliseconds, "answered");
        response
    }
    .instrument(span)
    .await
}

/// How long it has been, to the thousandth, for the last line of a request, a batch or a tick.
#[must_use]
pub fn milliseconds_since(start: Instant) -> f64 {
    (start.elapsed().as_secs_f64() * 1_000_000.0).round() / 1_000.0
}

/// The error of a response that no handler has made: axum refuses paths that it cannot read, in plain text.
fn refused_by_the_router(response: &Response) -> Option<ApiError> {
    let status = response.status();
    let content_type = response.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    let refused = status.is_client_error() && content_type.starts_with("text/plain");
    refused.then(|| ApiError::new(status, "The path cannot be read; encode it as UTF-8 with percent signs."))
}

/// The response with the body of its error, where it is one: in what its caller accepts, else in that of its path.
fn written(mut response: Response, dialect: Option<AnswerType>, request_id: &str) -> Response {
    let error = response.extensions_mut().remove::<ApiError>();
    let Some(error) = error.or_else(|| refused_by_the_router(&response)) else {
        return response;
    };
    if let Some(internal) = error.internal_message() {
        tracing::error!(error = internal, "failed");
    }
    let (mut parts, _) = response.into_parts();
    let (content_type, body) = match parts.extensions.get::<AnswerType>().copied().or(dialect) {
        Some(json_api) => (json_api.content_type(), Json(error.errors()).into_response().into_body()),
        None => ("application/json", Json(error.problem(request_id.to_owned())).into_response().into_body()),
    };
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::new(body))
}
