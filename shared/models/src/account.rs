//! Accounts, the keys that open them, and their credits (checklist A1, N1).

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::channel::wire_words;
use crate::id::{AccountId, ApiKeyId};
use crate::moment::Moment;
use crate::text::Line;

/// A customer of the operator. It owns domains, keys and credits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its identifier.
    pub account_id: AccountId,
    /// The organisation's name.
    pub organization_name: Line<200>,
    /// Credits left; never below zero.
    pub balance: u64,
    /// When it was made.
    pub created_at: Moment,
}

wire_words! {
    /// What an API key may do.
    Permission {
        /// Start engagements and follow them.
        Engagements = "engagements",
        /// Submit and steer batches.
        CallManagement = "call_management",
        /// Read and change the account's settings.
        AccountSettings = "account_settings",
    }
}

wire_words! {
    /// Whether what a key starts is real.
    KeyMode {
        /// Engagements leave the hub.
        Live = "live",
        /// Every engagement is in test mode, whatever the request says.
        Test = "test",
    }
}

/// The SHA-256 of an API key in hex, all that is ever stored of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyHash(String);

impl KeyHash {
    /// The hash of a key as it is sent.
    #[must_use]
    pub fn of(key: &str) -> Self {
        Self(hex::encode(Sha256::digest(key.as_bytes())))
    }

    /// The hash in hex.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is kept of an API key: never the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Its name in lists and in revocations.
    pub api_key_id: ApiKeyId,
    /// The account it opens.
    pub account_id: AccountId,
    /// What its owner calls it.
    pub name: Line<200>,
    /// What it may do.
    pub permissions: Vec<Permission>,
    /// Whether what it starts is real.
    pub mode: KeyMode,
    /// When it was made.
    pub created_at: Moment,
    /// Since when it opens nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Moment>,
}

/// Credits that the operator added or took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditEntry {
    /// Credits; negative where they were taken.
    pub amount: i64,
    /// Why.
    pub reason: Line<200>,
    /// When.
    pub created_at: Moment,
}
