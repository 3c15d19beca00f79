//! What a hub answers, as far as it matters here.

use hub_models::email::Mailbox;
use hub_models::engagement::WireStatus;
use hub_models::id::{AccountId, ApiKeyId};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;

/// A customer.
#[derive(Debug, Deserialize)]
pub(crate) struct Account {
    pub(crate) account_id: AccountId,
    pub(crate) organization_name: String,
}

/// A domain of a customer.
#[derive(Debug, Deserialize)]
pub(crate) struct Domain {
    pub(crate) account_id: AccountId,
    pub(crate) email_from: Option<Mailbox>,
}

/// What was bought and what is left.
#[derive(Debug, Deserialize)]
pub(crate) struct Credits {
    pub(crate) balance: u64,
    pub(crate) entries: Vec<Value>,
}

/// A key as it is listed.
#[derive(Debug, Deserialize)]
pub(crate) struct ApiKey {
    pub(crate) api_key_id: ApiKeyId,
    pub(crate) name: String,
    pub(crate) revoked_at: Option<String>,
}

/// A key as it is made.
#[derive(Debug, Deserialize)]
pub(crate) struct MadeApiKey {
    pub(crate) api_key_id: ApiKeyId,
    pub(crate) api_key: SecretString,
}

/// How an engagement goes.
#[derive(Debug, Deserialize)]
pub(crate) struct Report {
    pub(crate) status: WireStatus,
    pub(crate) summary: Option<String>,
    pub(crate) completed_at: Option<String>,
}
