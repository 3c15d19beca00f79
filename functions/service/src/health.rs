//! `GET /health`: whether the hub is up.

use axum::Json;
use hub_web::Endpoint;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("service-health", routes!(handle))
}

/// The hub is up.
#[derive(Serialize, ToSchema)]
struct Health {
    /// Always `ok`.
    #[schema(example = "ok")]
    status: &'static str,
    /// The version that answers.
    #[schema(example = "0.1.0")]
    version: &'static str,
}

/// Answers as soon as the hub is up. It asks nothing of the tables, so watching it costs nothing.
#[utoipa::path(get, path = "/health", tag = "Service", responses((status = 200, body = Health)))]
async fn handle() -> Json<Health> {
    Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}
