//! `POST /admin/accounts/{account_id}/credits`: add credits, or take some back.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use hub_models::account::CreditEntry;
use hub_store::AddCredits;
use hub_web::{ApiError, App, Body, Endpoint, Fields, Given, Operator, Problem};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::account::account_id;
use crate::credits::{Credits, MOST, credits_of};

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("admin-credits-add", routes!(handle))
}

/// Credits to be added.
#[derive(Deserialize, ToSchema)]
struct NewCredits {
    /// How many; negative takes them back, as far as the balance goes.
    #[serde(default)]
    #[schema(value_type = i64, example = 500)]
    amount: Given<i64>,
    /// Why.
    #[serde(default)]
    #[schema(value_type = String, example = "Invoice 2026-117")]
    reason: Given<String>,
}

/// Adds credits to an account's balance and its ledger.
#[utoipa::path(
    post, path = "/admin/accounts/{account_id}/credits", tag = "Operator",
    params(("account_id" = String, Path)),
    request_body = NewCredits,
    responses(
        (status = 201, body = Credits),
        (status = 400, body = Problem, description = "A value cannot be taken."),
        (status = 403, body = Problem, description = "Not the operator key."),
        (status = 404, body = Problem, description = "There is no such account."),
        (status = 409, body = Problem, description = "The balance is smaller than what was to be taken."),
    ),
    security(("operator_key" = []))
)]
async fn handle(
    State(hub): State<App>,
    _: Operator,
    Path(path): Path<String>,
    Body(new): Body<NewCredits>,
) -> Result<(StatusCode, Json<Credits>), ApiError> {
    let id = account_id(&path)?;
    let mut fields = Fields::default();
    let amount = fields.value("amount", new.amount).unwrap_or(0);
    let in_range = amount != 0 && (-MOST..=MOST).contains(&amount);
    if !in_range && !fields.is_at_fault("amount") {
        fields.fault("amount", format!("must be a whole number other than 0, at most {MOST}."));
    }
    let reason = fields.required_line("reason", new.reason);
    let reason = fields.finish(reason)?;
    credits_of(&hub, id).await?;
    let entry = CreditEntry { amount, reason, created_at: hub.clock.now() };
    match hub.store.add_credits(id, &entry).await? {
        AddCredits::Added => Ok((StatusCode::CREATED, Json(credits_of(&hub, id).await?))),
        AddCredits::Impossible => {
            Err(ApiError::new(StatusCode::CONFLICT, "The balance is smaller than what was to be taken."))
        }
    }
}
