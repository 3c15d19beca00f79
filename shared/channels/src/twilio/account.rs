//! What opens a domain's Twilio account, as it is kept in the secret store.

use hub_models::carrier::AccountSid;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;

/// A Twilio account with what opens it: in one secret, so that nobody ever sees the one without the other.
#[derive(Clone, Debug)]
pub struct TwilioAccount {
    /// The account.
    pub account_sid: AccountSid,
    /// Its auth token, which also signs Twilio's callbacks.
    pub auth_token: SecretString,
}

/// A secret that holds no account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the secret of the domain's carrier holds no Twilio account")]
pub struct UnreadableAccount;

#[derive(Deserialize)]
struct Kept {
    account_sid: AccountSid,
    auth_token: String,
}

impl TwilioAccount {
    /// Reads the account from its secret.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(secret: &SecretString) -> Result<Self, UnreadableAccount> {
        let kept: Kept = serde_json::from_str(secret.expose_secret()).map_err(|_| UnreadableAccount)?;
        Ok(Self { account_sid: kept.account_sid, auth_token: kept.auth_token.into() })
    }

    /// The account as a secret.
    #[must_use]
    pub fn to_secret(&self) -> SecretString {
        json!({"account_sid": self.account_sid, "auth_token": self.auth_token.expose_secret()}).to_string().into()
    }
}
