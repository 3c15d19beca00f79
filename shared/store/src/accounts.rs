//! Accounts and their API keys.

use std::sync::Arc;

use hub_models::account::{Account, ApiKey, KeyHash};
use hub_models::domain::DomainName;
use hub_models::id::{AccountId, ApiKeyId};
use hub_models::moment::Moment;
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::access::if_condition_held;
use crate::error::StoreError;
use crate::item::{Item, s, to_item};
use crate::keys::{self, Key};
use crate::transaction::{Transacted, exists, put, update};

/// An account's own note of a key.
#[derive(Serialize, Deserialize)]
struct AccountKey {
    hash: KeyHash,
    #[serde(flatten)]
    key: ApiKey,
}

impl Store {
    /// Writes a new account.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn create_account(&self, account: &Account) -> Result<(), StoreError> {
        let item = to_item(&keys::account(account.account_id), account)?;
        let sent = self
            .client
            .put_item()
            .table_name(&self.tables.accounts)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk)")
            .send()
            .await;
        // The id is random: what stands there is this very account, written by a try whose answer was lost.
        if_condition_held(sent)?;
        Ok(())
    }

    /// The account as it is now, with its balance.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        self.read(&self.tables.accounts, &keys::account(id)).await
    }

    /// The account as it was at most 30 s ago, for everything but its balance.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn account_cached(&self, id: AccountId) -> Result<Option<Arc<Account>>, StoreError> {
        if let Some(account) = self.cached.accounts.get(&id) {
            return Ok(Some(account));
        }
        let account = self.account(id).await?;
        Ok(account.map(|account| self.cached.accounts.put(id, account)))
    }

    /// The domains of an account, by name.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn domains_of(&self, id: AccountId) -> Result<Vec<DomainName>, StoreError> {
        #[derive(Deserialize)]
        struct Note {
            domain_name: DomainName,
        }
        let notes: Vec<Note> =
            self.read_all(&self.tables.accounts, &keys::account_pk(id), keys::ACCOUNT_DOMAIN).await?;
        Ok(notes.into_iter().map(|note| note.domain_name).collect())
    }

    /// Writes a new key of an existing account; false where there is no such account.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn create_api_key(&self, key: &ApiKey, hash: &KeyHash) -> Result<bool, StoreError> {
        let table = &self.tables.accounts;
        let note = AccountKey { hash: hash.clone(), key: key.clone() };
        let writes = vec![
            exists(table, &keys::account(key.account_id))?,
            put(table, to_item(&keys::api_key(hash), key)?, None, Item::new())?,
            put(table, to_item(&keys::account_key(key.api_key_id), &note)?, None, Item::new())?,
        ];
        Ok(matches!(self.transact(writes).await?, Transacted::Done))
    }

    /// The key with this hash, as it was at most 30 s ago.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn api_key(&self, hash: &KeyHash) -> Result<Option<Arc<ApiKey>>, StoreError> {
        if let Some(key) = self.cached.api_keys.get(hash) {
            return Ok(Some(key));
        }
        let key: Option<ApiKey> = self.read(&self.tables.accounts, &keys::api_key(hash)).await?;
        Ok(key.map(|key| self.cached.api_keys.put(hash.clone(), key)))
    }

    /// The keys of an account, without their hashes.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn api_keys_of(&self, id: AccountId) -> Result<Vec<ApiKey>, StoreError> {
        let notes: Vec<AccountKey> =
            self.read_all(&self.tables.accounts, &keys::account_pk(id), keys::ACCOUNT_KEY).await?;
        Ok(notes.into_iter().map(|note| note.key).collect())
    }

    /// Revokes a key for good; false where there is none with this id.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn revoke_api_key(&self, id: ApiKeyId, now: Moment) -> Result<bool, StoreError> {
        let table = &self.tables.accounts;
        let note: Option<AccountKey> = self.read(table, &keys::account_key(id)).await?;
        let Some(note) = note else { return Ok(false) };
        let revoke = |key: &Key| {
            let values = Item::from([(":now".to_owned(), s(now.to_string()))]);
            let expression = "SET revoked_at = if_not_exists(revoked_at, :now)";
            update(table, key, expression, "attribute_exists(pk)", values)
        };
        let writes = vec![revoke(&keys::api_key(&note.hash))?, revoke(&keys::account_key(id))?];
        let done = self.transact(writes).await?;
        self.cached.api_keys.forget(&note.hash);
        Ok(matches!(done, Transacted::Done))
    }
}
