//! `PATCH /admin/domains/{domain_name}`: change a domain's settings.

use axum::Json;
use axum::extract::{Path, State};
use hub_store::Saved;
use hub_web::{ApiError, App, Body, Endpoint, Operator, Problem};
use utoipa_axum::routes;

use crate::domain::{ShownDomain, domain_name, unknown_domain};
use crate::settings::Settings;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("admin-domains-update", routes!(handle))
}

/// Changes the settings that are given; all others stay.
#[utoipa::path(
    patch, path = "/admin/domains/{domain_name}", tag = "Operator",
    params(("domain_name" = String, Path)),
    request_body = Settings,
    responses(
        (status = 200, body = ShownDomain),
        (status = 400, body = Problem, description = "A value cannot be taken; nothing was changed."),
        (status = 403, body = Problem, description = "Not the operator key."),
        (status = 404, body = Problem, description = "There is no such domain."),
    ),
    security(("operator_key" = []))
)]
async fn handle(
    State(hub): State<App>,
    _: Operator,
    Path(path): Path<String>,
    Body(settings): Body<Settings>,
) -> Result<Json<ShownDomain>, ApiError> {
    let name = domain_name(&path)?;
    let changes = settings.read()?;
    loop {
        let current = hub.store.domain(&name).await?.ok_or_else(|| unknown_domain(&path))?;
        let domain = changes.apply(current, hub.clock.now())?;
        if hub.store.save_domain(&domain).await? == Saved::Yes {
            return Ok(Json(domain.into()));
        }
    }
}
