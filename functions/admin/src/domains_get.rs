//! `GET /admin/domains/{domain_name}`: a domain and its settings.

use axum::Json;
use axum::extract::{Path, State};
use hub_web::{ApiError, App, Endpoint, Operator, Problem};
use utoipa_axum::routes;

use crate::domain::{ShownDomain, domain_name, unknown_domain};

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("admin-domains-get", routes!(handle))
}

/// Shows a domain.
#[utoipa::path(
    get, path = "/admin/domains/{domain_name}", tag = "Operator",
    params(("domain_name" = String, Path)),
    responses(
        (status = 200, body = ShownDomain),
        (status = 403, body = Problem, description = "Not the operator key."),
        (status = 404, body = Problem, description = "There is no such domain."),
    ),
    security(("operator_key" = []))
)]
async fn handle(State(hub): State<App>, _: Operator, Path(path): Path<String>) -> Result<Json<ShownDomain>, ApiError> {
    let domain = hub.store.domain(&domain_name(&path)?).await?;
    Ok(Json(domain.ok_or_else(|| unknown_domain(&path))?.into()))
}
