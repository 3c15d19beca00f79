//! The customer: an account, its domain with a sender, and the credits that it begins with.

use hub_models::id::AccountId;

use crate::arguments::SetUp;
use crate::console::Console;
use crate::error::SetUpError;
use crate::hub_api::{Account, Domain, HubApi};
use crate::kept::Kept;

/// The account that owns the domain, both made where there is no such domain.
pub(super) async fn account(
    wanted: &SetUp,
    hub: &HubApi,
    kept: &mut Kept,
    console: &mut Console<'_>,
) -> Result<AccountId, SetUpError> {
    let Some(domain) = hub.domain(&wanted.domain).await? else {
        let account = new_account(wanted, hub, kept, console).await?;
        hub.create_domain(account, &wanted.domain, &wanted.email_from).await?;
        console.step("Domain", format_args!("{}, made; its emails are from {}", wanted.domain, wanted.email_from))?;
        return Ok(account);
    };
    let owner = hub.account(domain.account_id).await?;
    let owner = owner.map_or_else(|| domain.account_id.to_string(), |account| account.organization_name);
    if owner != wanted.organization.as_str() {
        return Err(SetUpError::DomainOfAnother { domain: wanted.domain.clone(), owner });
    }
    console.step("Account", format_args!("{} of {owner}, is there", domain.account_id))?;
    sender(wanted, hub, &domain, console).await?;
    Ok(domain.account_id)
}

/// The account that an earlier run made and got no further, or a new one.
async fn new_account(
    wanted: &SetUp,
    hub: &HubApi,
    kept: &mut Kept,
    console: &mut Console<'_>,
) -> Result<AccountId, SetUpError> {
    let organization = wanted.organization.as_str();
    if let Some(id) = kept.made.account_id
        && hub.account(id).await?.is_some_and(|account| account.organization_name == organization)
    {
        console.step("Account", format_args!("{id} of {organization}, is there"))?;
        return Ok(id);
    }
    let Account { account_id, .. } = hub.create_account(organization).await?;
    kept.made.account_id = Some(account_id);
    kept.save()?;
    console.step("Account", format_args!("{account_id} of {organization}, made"))?;
    Ok(account_id)
}

/// The domain's sender as it is wanted now.
async fn sender(wanted: &SetUp, hub: &HubApi, domain: &Domain, console: &mut Console<'_>) -> Result<(), SetUpError> {
    let SetUp { domain: name, email_from, .. } = wanted;
    if domain.email_from.as_ref() == Some(email_from) {
        console.step("Domain", format_args!("{name}, is there; its emails are from {email_from}"))?;
    } else {
        hub.set_sender(name, email_from).await?;
        console.step("Domain", format_args!("{name}, is there; its emails are from {email_from} now"))?;
    }
    Ok(())
}

/// Credits to begin with, unless the account was ever given any.
pub(super) async fn credits(
    wanted: &SetUp,
    hub: &HubApi,
    account: AccountId,
    console: &mut Console<'_>,
) -> Result<(), SetUpError> {
    let found = hub.credits(account).await?;
    if found.entries.is_empty() {
        let added = hub.add_credits(account, wanted.credits, "Opening balance").await?;
        console.step("Credits", format_args!("{}, added", added.balance))?;
    } else {
        console.step("Credits", format_args!("{} left", found.balance))?;
    }
    Ok(())
}
