//! Functions that API Gateway wakes.

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use hub_web::{Endpoint, RequestId};
use lambda_http::RequestExt;
use lambda_http::request::RequestContext;
use tracing_subscriber::fmt::MakeWriter;

use crate::Error;
use crate::clients::deployed_hub;
use crate::observe::{InvocationIds, Observer};

/// Runs one endpoint as a Lambda function, until the execution environment ends.
///
/// # Errors
/// When its configuration is wrong or the Lambda runtime cannot be reached.
#[tokio::main(flavor = "current_thread")]
pub async fn run_http(endpoint: Endpoint) -> Result<(), Error> {
    let observer = Observer::begin(endpoint.function)?;
    let hub = deployed_hub().await?;
    lambda_http::run(observed(hub_web::app(vec![endpoint], hub), observer)).await
}

/// Runs a service that needs no hub.
///
/// # Errors
/// When the Lambda runtime cannot be reached.
#[tokio::main(flavor = "current_thread")]
pub async fn run_router(function: &'static str, router: Router) -> Result<(), Error> {
    lambda_http::run(observed(router, Observer::begin(function)?)).await
}

/// The service with each of its requests observed under the id that API Gateway has given it: the one in API Gateway's
/// log, in our lines and in the error that the caller gets.
pub fn observed<W>(router: Router, observer: Observer<W>) -> Router
where
    W: for<'w> MakeWriter<'w> + Clone + Send + Sync + 'static,
{
    router.layer(from_fn(move |request: Request, next: Next| answer(observer.clone(), request, next)))
}

async fn answer<W>(observer: Observer<W>, mut request: Request, next: Next) -> Response
where
    W: for<'w> MakeWriter<'w>,
{
    let extensions = request.extensions();
    let lambda = extensions.lambda_context_ref().map(|context| context.request_id.clone());
    let Some(id) = extensions.request_context_ref().and_then(gateway_id).or_else(|| lambda.clone()) else {
        return next.run(request).await;
    };
    request.extensions_mut().insert(RequestId(id.clone()));
    let ids = InvocationIds { request_id: &id, lambda_request_id: lambda.as_deref() };
    observer.observe(ids, next.run(request)).await
}

fn gateway_id(context: &RequestContext) -> Option<String> {
    let RequestContext::ApiGatewayV2(context) = context else { return None };
    context.request_id.clone()
}
