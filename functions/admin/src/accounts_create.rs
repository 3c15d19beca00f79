//! `POST /admin/accounts`: a new account.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hub_models::account::{Account, CreditEntry};
use hub_models::id::AccountId;
use hub_models::text::Line;
use hub_web::{ApiError, App, Body, Endpoint, Fields, Given, Operator, Problem};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::account::ShownAccount;
use crate::credits::{MOST, entry};

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("admin-accounts-create", routes!(handle))
}

/// An account to be made.
#[derive(Deserialize, ToSchema)]
struct NewAccount {
    #[serde(default)]
    #[schema(value_type = String, example = "Acme Insurance")]
    organization_name: Given<String>,
    /// Credits to begin with; 0 by default.
    #[serde(default)]
    #[schema(value_type = Option<i64>, example = 10000)]
    credits: Given<i64>,
}

/// Makes an account.
#[utoipa::path(
    post, path = "/admin/accounts", tag = "Operator",
    request_body = NewAccount,
    responses(
        (status = 201, body = ShownAccount),
        (status = 400, body = Problem, description = "A value cannot be taken."),
        (status = 403, body = Problem, description = "Not the operator key."),
    ),
    security(("operator_key" = []))
)]
async fn handle(
    State(hub): State<App>,
    _: Operator,
    Body(new): Body<NewAccount>,
) -> Result<(StatusCode, Json<ShownAccount>), ApiError> {
    let mut fields = Fields::default();
    let name: Option<Line<200>> = fields.required_line("organization_name", new.organization_name);
    let credits = fields.value("credits", new.credits).unwrap_or(0);
    if !(0..=MOST).contains(&credits) {
        fields.fault("credits", format!("must be a whole number from 0 to {MOST}."));
    }
    let organization_name = fields.finish(name)?;
    let created_at = hub.clock.now();
    let mut account = Account { account_id: AccountId::random(), organization_name, balance: 0, created_at };
    hub.store.create_account(&account).await?;
    if credits > 0 {
        let first: CreditEntry = entry(credits, "Opening balance", created_at)?;
        hub.store.add_credits(account.account_id, &first).await?;
        account.balance = credits.unsigned_abs();
    }
    Ok((StatusCode::CREATED, Json(ShownAccount::of(account, Vec::new()))))
}
