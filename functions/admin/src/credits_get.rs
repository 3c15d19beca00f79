//! `GET /admin/accounts/{account_id}/credits`: balance and ledger.

use axum::Json;
use axum::extract::{Path, State};
use hub_web::{ApiError, App, Endpoint, Operator, Problem};
use utoipa_axum::routes;

use crate::account::account_id;
use crate::credits::{Credits, credits_of};

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("admin-credits-get", routes!(handle))
}

/// Shows an account's balance and ledger.
#[utoipa::path(
    get, path = "/admin/accounts/{account_id}/credits", tag = "Operator",
    params(("account_id" = String, Path)),
    responses(
        (status = 200, body = Credits),
        (status = 403, body = Problem, description = "Not the operator key."),
        (status = 404, body = Problem, description = "There is no such account."),
    ),
    security(("operator_key" = []))
)]
async fn handle(State(hub): State<App>, _: Operator, Path(path): Path<String>) -> Result<Json<Credits>, ApiError> {
    Ok(Json(credits_of(&hub, account_id(&path)?).await?))
}
