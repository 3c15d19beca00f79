//! `GET /admin/accounts/{account_id}/api-keys`: the keys of an account, without the keys.

use axum::Json;
use axum::extract::{Path, State};
use hub_web::{ApiError, App, Endpoint, Operator, Problem};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::account::{account_id, unknown_account};
use crate::api_key::ShownApiKey;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("admin-api-keys-list", routes!(handle))
}

/// The keys of an account.
#[derive(Serialize, ToSchema)]
struct ApiKeys {
    api_keys: Vec<ShownApiKey>,
}

/// Lists the keys of an account, revoked ones too.
#[utoipa::path(
    get, path = "/admin/accounts/{account_id}/api-keys", tag = "Operator",
    params(("account_id" = String, Path)),
    responses(
        (status = 200, body = ApiKeys),
        (status = 403, body = Problem, description = "Not the operator key."),
        (status = 404, body = Problem, description = "There is no such account."),
    ),
    security(("operator_key" = []))
)]
async fn handle(State(hub): State<App>, _: Operator, Path(path): Path<String>) -> Result<Json<ApiKeys>, ApiError> {
    let id = account_id(&path)?;
    hub.store.account(id).await?.ok_or_else(|| unknown_account(&path))?;
    let api_keys = hub.store.api_keys_of(id).await?.into_iter().map(ShownApiKey::from).collect();
    Ok(Json(ApiKeys { api_keys }))
}
