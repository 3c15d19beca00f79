//! An account as the operator names and sees it.

use hub_models::account::Account;
use hub_models::id::AccountId;
use hub_models::moment::Moment;
use hub_models::text::excerpt;
use hub_web::ApiError;
use serde::Serialize;
use utoipa::ToSchema;

/// An account.
#[derive(Serialize, ToSchema)]
pub(crate) struct ShownAccount {
    #[schema(value_type = String, example = "acc_0a1b2c3d4e5f6789012345ab")]
    account_id: AccountId,
    #[schema(example = "Acme Insurance")]
    organization_name: String,
    /// Credits left.
    #[schema(example = 10000)]
    balance: u64,
    /// Its domains.
    #[schema(example = json!(["acme"]))]
    domains: Vec<String>,
    #[schema(value_type = String)]
    created_at: Moment,
}

impl ShownAccount {
    pub(crate) fn of(account: Account, domains: Vec<String>) -> Self {
        Self {
            account_id: account.account_id,
            organization_name: account.organization_name.to_string(),
            balance: account.balance,
            domains,
            created_at: account.created_at,
        }
    }
}

/// The account id of a path. What cannot be one names no account.
pub(crate) fn account_id(path: &str) -> Result<AccountId, ApiError> {
    path.parse().map_err(|_| unknown_account(&excerpt(path)))
}

pub(crate) fn unknown_account(id: &str) -> ApiError {
    ApiError::not_found(format!("There is no account {id}."))
}
