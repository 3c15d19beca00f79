//! Which domain a caller may use (checklist A2).

use std::sync::Arc;

use hub_models::domain::{Domain, DomainName};
use hub_models::id::AccountId;
use hub_store::StoreError;

use crate::Hub;

/// Why a caller may not use a domain.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// It is not the account's, or it is not there: the two are told apart to nobody.
    #[error("Domain \"{0}\" was not found on this account; check domain_name.")]
    UnknownDomain(DomainName),
    /// The table could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The domain of this name, if it belongs to the account.
///
/// # Errors
/// When it does not, or the table cannot be read.
pub async fn domain_of(hub: &Hub, account: AccountId, name: &DomainName) -> Result<Arc<Domain>, AccessError> {
    let domain = hub.store.domain_cached(name).await?;
    domain.filter(|domain| domain.account_id == account).ok_or_else(|| AccessError::UnknownDomain(name.clone()))
}
