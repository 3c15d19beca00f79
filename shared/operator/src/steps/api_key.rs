//! The API key that the customer's programs call the hub with.

use hub_models::id::AccountId;
use secrecy::{ExposeSecret, SecretString};

use crate::console::Console;
use crate::error::SetUpError;
use crate::hub_api::{ApiKey, HubApi, MadeApiKey};
use crate::kept::{Kept, KeptKey};

/// What the key is called in the hub.
const NAME: &str = "Set-up";

/// The key of an earlier run, as long as it opens anything, else a new one.
pub(super) async fn api_key(
    hub: &HubApi,
    account: AccountId,
    kept: &mut Kept,
    console: &mut Console<'_>,
) -> Result<SecretString, SetUpError> {
    let mut valid = hub.api_keys(account).await?;
    valid.retain(|key| key.revoked_at.is_none());
    match &kept.made.api_key {
        Some(key) if valid.iter().any(|valid| valid.api_key_id == key.api_key_id) => {
            console.step("API key", format_args!("{}, kept in {}", key.api_key_id, kept.file().display()))?;
            Ok(key.api_key.clone())
        }
        _ => {
            let key = new_key(hub, account, kept, console).await?;
            others(&valid, console)?;
            Ok(key)
        }
    }
}

async fn new_key(
    hub: &HubApi,
    account: AccountId,
    kept: &mut Kept,
    console: &mut Console<'_>,
) -> Result<SecretString, SetUpError> {
    let MadeApiKey { api_key_id, api_key } = hub.create_api_key(account, NAME).await?;
    kept.made.api_key = Some(KeptKey { api_key_id, api_key: api_key.clone() });
    kept.save()?;
    console.step("API key", api_key.expose_secret())?;
    console.more(format_args!("Keep it: the hub does not show it again. It is also in {}", kept.file().display()))?;
    Ok(api_key)
}

/// Keys that were made by this program from another folder: they open the account too, and nobody may know them.
fn others(valid: &[ApiKey], console: &mut Console<'_>) -> Result<(), SetUpError> {
    for key in valid.iter().filter(|key| key.name == NAME) {
        console.more(format_args!(
            "An earlier run made {}, which is not kept here. If nobody uses it, revoke it: DELETE /admin/api-keys/{}",
            key.api_key_id, key.api_key_id
        ))?;
    }
    Ok(())
}
