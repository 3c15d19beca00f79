//! Functions that API Gateway wakes.

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use hub_web::Endpoint;

use crate::Error;
use crate::clients::deployed_hub;
use crate::observe::{Metrics, observe};

/// Runs one endpoint as a Lambda function, until the execution environment ends.
///
/// # Errors
/// When its configuration is wrong or the Lambda runtime cannot be reached.
pub async fn run_http(endpoint: Endpoint) -> Result<(), Error> {
    let metrics = observe(endpoint.function);
    let hub = deployed_hub().await?;
    serve(hub_web::app(vec![endpoint], hub), metrics).await
}

/// Runs a service that needs no hub.
///
/// # Errors
/// When the Lambda runtime cannot be reached.
pub async fn run_router(function: &'static str, router: Router) -> Result<(), Error> {
    serve(router, observe(function)).await
}

async fn serve(router: Router, metrics: Metrics) -> Result<(), Error> {
    let flush = move |request: Request, next: Next| async move {
        let response = next.run(request).await;
        metrics.flush();
        response
    };
    lambda_http::run(router.layer(from_fn(flush))).await
}
