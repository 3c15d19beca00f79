//! `GET /admin/accounts/{account_id}`: an account and its domains.

use axum::Json;
use axum::extract::{Path, State};
use hub_web::{ApiError, App, Endpoint, Operator, Problem};
use utoipa_axum::routes;

use crate::account::{ShownAccount, account_id, unknown_account};

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("admin-accounts-get", routes!(handle))
}

/// Shows an account.
#[utoipa::path(
    get, path = "/admin/accounts/{account_id}", tag = "Operator",
    params(("account_id" = String, Path)),
    responses(
        (status = 200, body = ShownAccount),
        (status = 403, body = Problem, description = "Not the operator key."),
        (status = 404, body = Problem, description = "There is no such account."),
    ),
    security(("operator_key" = []))
)]
async fn handle(State(hub): State<App>, _: Operator, Path(path): Path<String>) -> Result<Json<ShownAccount>, ApiError> {
    let id = account_id(&path)?;
    let account = hub.store.account(id).await?.ok_or_else(|| unknown_account(&path))?;
    let domains = hub.store.domains_of(id).await?.iter().map(ToString::to_string).collect();
    Ok(Json(ShownAccount::of(account, domains)))
}
