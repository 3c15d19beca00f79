//! The carrier of a domain as its operator sets it: its senders with the domain, what opens its account in the secret store.

use hub_channels::secrets::SecretsError;
use hub_channels::twilio::{TwilioAccount, UnreadableAccount};
use hub_models::carrier::Carrier;
use hub_models::domain::{Domain, DomainName};
use hub_store::{Saved, StoreError};
use secrecy::SecretString;

use crate::Hub;

/// Why a carrier could not be set or used.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// A table could not be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The secret could not be used.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// The secret holds something else.
    #[error(transparent)]
    Unreadable(#[from] UnreadableAccount),
}

/// The secret of a domain's carrier.
pub(super) fn secret_of(hub: &Hub, name: &DomainName) -> String {
    format!("{}/{name}", hub.settings.carrier_secrets)
}

/// Sets a domain's carrier, and gives the domain; nothing where there is none of this name.
///
/// # Errors
/// When the secret or the domain cannot be written. Set it again then.
pub async fn set_carrier(
    hub: &Hub,
    name: &DomainName,
    carrier: Carrier,
    auth_token: SecretString,
) -> Result<Option<Domain>, AccountError> {
    if hub.store.domain(name).await?.is_none() {
        return Ok(None);
    }
    let account = TwilioAccount { account_sid: carrier.account_sid.clone(), auth_token };
    // First, because a domain that names a carrier must be able to use it.
    hub.secrets.set(&secret_of(hub, name), &account.to_secret()).await?;
    Ok(change(hub, name, Some(carrier)).await?.map(|change| change.after))
}

/// Takes a domain's carrier away, with what opens its account, and gives the carrier that it had; nothing where there is
/// no such domain.
///
/// # Errors
/// When the domain or the secret cannot be written. Remove it again then.
pub async fn remove_carrier(hub: &Hub, name: &DomainName) -> Result<Option<Option<Carrier>>, AccountError> {
    let Some(change) = change(hub, name, None).await? else { return Ok(None) };
    hub.secrets.remove(&secret_of(hub, name)).await?;
    Ok(Some(change.before))
}

struct Changed {
    before: Option<Carrier>,
    after: Domain,
}

async fn change(hub: &Hub, name: &DomainName, carrier: Option<Carrier>) -> Result<Option<Changed>, StoreError> {
    loop {
        let Some(domain) = hub.store.domain(name).await? else { return Ok(None) };
        let before = domain.carrier.clone();
        let after = Domain { carrier: carrier.clone(), ..domain };
        if hub.store.save_domain(&after).await? == Saved::Yes {
            return Ok(Some(Changed { before, after }));
        }
    }
}

/// What opens the account of a domain's carrier.
///
/// # Errors
/// When it cannot be read.
pub async fn account_of(hub: &Hub, name: &DomainName) -> Result<TwilioAccount, AccountError> {
    let secret = hub.secrets.get(&secret_of(hub, name)).await?;
    Ok(TwilioAccount::read(&secret)?)
}

/// Has what opens the account of a domain's carrier read anew, where something speaks against it and it was not read just now.
/// Says whether.
#[must_use]
pub fn doubt_account(hub: &Hub, name: &DomainName) -> bool {
    hub.secrets.doubt(&secret_of(hub, name))
}
