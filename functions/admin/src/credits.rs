//! Credits as the operator adds and sees them.

use hub_models::account::CreditEntry;
use hub_models::fault::{Faults, FieldFault};
use hub_models::id::AccountId;
use hub_models::moment::Moment;
use hub_models::text::Line;
use hub_web::ApiError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::unknown_account;

/// The most credits that are added or taken at once.
pub(crate) const MOST: i64 = 1_000_000_000;

/// An account's credits.
#[derive(Serialize, ToSchema)]
pub(crate) struct Credits {
    /// Credits left.
    #[schema(example = 10000)]
    balance: u64,
    /// What the operator added and took, oldest first.
    entries: Vec<Entry>,
}

/// Credits that the operator added or took.
#[derive(Serialize, ToSchema)]
struct Entry {
    #[schema(example = 10000)]
    amount: i64,
    #[schema(example = "Opening balance")]
    reason: String,
    #[schema(value_type = String)]
    created_at: Moment,
}

/// An entry with a reason of the hub's own.
pub(crate) fn entry(amount: i64, reason: &str, created_at: Moment) -> Result<CreditEntry, ApiError> {
    let reason: Option<Line<200>> = Line::parse(reason).ok().flatten();
    let reason = reason.ok_or_else(|| Faults::from(FieldFault::missing("reason")))?;
    Ok(CreditEntry { amount, reason, created_at })
}

/// The credits of an account as they are now.
pub(crate) async fn credits_of(hub: &hub_engagements::Hub, id: AccountId) -> Result<Credits, ApiError> {
    let account = hub.store.account(id).await?.ok_or_else(|| unknown_account(&id.to_string()))?;
    let entries = hub.store.credit_entries(id).await?;
    let entries = entries.into_iter().map(|entry| Entry {
        amount: entry.amount,
        reason: entry.reason.to_string(),
        created_at: entry.created_at,
    });
    Ok(Credits { balance: account.balance, entries: entries.collect() })
}
