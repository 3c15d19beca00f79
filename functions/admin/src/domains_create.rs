//! `POST /admin/accounts/{account_id}/domains`: a new domain of an account.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use hub_models::domain::{Domain, DomainName};
use hub_store::Created;
use hub_web::{ApiError, App, Body, Endpoint, Fields, Given, Operator, Problem};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::account::{account_id, unknown_account};
use crate::domain::ShownDomain;
use crate::settings::Settings;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("admin-domains-create", routes!(handle))
}

/// A domain to be made.
#[derive(Deserialize, ToSchema)]
struct NewDomain {
    /// 1 to 63 lower-case letters, digits and hyphens.
    #[serde(default)]
    #[schema(value_type = String, example = "acme")]
    domain_name: Given<String>,
    #[serde(flatten)]
    settings: Settings,
}

/// Makes a domain. Settings that are not given have their defaults.
#[utoipa::path(
    post, path = "/admin/accounts/{account_id}/domains", tag = "Operator",
    params(("account_id" = String, Path)),
    request_body = NewDomain,
    responses(
        (status = 201, body = ShownDomain),
        (status = 400, body = Problem, description = "A value cannot be taken."),
        (status = 403, body = Problem, description = "Not the operator key."),
        (status = 404, body = Problem, description = "There is no such account."),
        (status = 409, body = Problem, description = "The name is taken."),
    ),
    security(("operator_key" = []))
)]
async fn handle(
    State(hub): State<App>,
    _: Operator,
    Path(path): Path<String>,
    Body(new): Body<NewDomain>,
) -> Result<(StatusCode, Json<ShownDomain>), ApiError> {
    let account = account_id(&path)?;
    let mut fields = Fields::default();
    let name = fields.required("domain_name", new.domain_name, str::parse::<DomainName>);
    let changes = fields.keep_all(new.settings.read());
    let (name, changes) = fields.finish(name.zip(changes))?;
    let now = hub.clock.now();
    let domain = changes.apply(Domain::new(name, account, now), now)?;
    match hub.store.create_domain(&domain).await? {
        Created::Yes => Ok((StatusCode::CREATED, Json(domain.into()))),
        Created::NoAccount => Err(unknown_account(&path)),
        Created::Taken => {
            let detail = format!("The domain name \"{}\" is taken; choose another.", domain.domain_name);
            Err(ApiError::new(StatusCode::CONFLICT, detail))
        }
    }
}
