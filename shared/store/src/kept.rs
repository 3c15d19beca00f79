//! What a domain keeps for the campaigns of the JSON:API: caller ids and templates, each an item found by its id.

use hub_models::domain::DomainName;
use hub_models::voice::{Kept, KeptKind, ShortId};

use crate::Store;
use crate::access::if_condition_held;
use crate::error::StoreError;
use crate::item::{n, to_item};
use crate::keys;

impl Store {
    /// Writes something new; false where its id has something already.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn keep<T: Kept>(&self, domain: &DomainName, new: &T) -> Result<bool, StoreError> {
        let item = to_item(&keys::kept(domain, new.kind(), new.id()), new)?;
        let put = self.client.put_item().table_name(&self.tables.accounts).set_item(Some(item));
        let sent = put.condition_expression("attribute_not_exists(pk)").send().await;
        Ok(if_condition_held(sent)?.is_some())
    }

    /// What is kept under this id, as it is now.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn kept<T: Kept>(
        &self,
        domain: &DomainName,
        kind: KeptKind,
        id: ShortId,
    ) -> Result<Option<T>, StoreError> {
        self.read(&self.tables.accounts, &keys::kept(domain, kind, id)).await
    }

    /// All that is kept of this kind, in the order in which it was made.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn all_kept<T: Kept>(&self, domain: &DomainName, kind: KeptKind) -> Result<Vec<T>, StoreError> {
        let pk = keys::voice_pk(domain);
        let mut all: Vec<T> = self.read_all(&self.tables.accounts, &pk, &keys::kept_of(kind)).await?;
        all.sort_by_key(|one| (one.created_at(), one.id()));
        Ok(all)
    }

    /// Writes a change over what it was made from; false where another was faster.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn save_kept<T: Kept>(&self, domain: &DomainName, changed: &T) -> Result<bool, StoreError> {
        let item = to_item(&keys::kept(domain, changed.kind(), changed.id()), changed)?;
        self.write_over(&self.tables.accounts, item, changed.version() - 1).await
    }

    /// Removes it, unless it was changed since it was read; false where it was, or is gone.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn forget_kept<T: Kept>(&self, domain: &DomainName, kept: &T) -> Result<bool, StoreError> {
        let delete = self
            .client
            .delete_item()
            .table_name(&self.tables.accounts)
            .set_key(Some(keys::kept(domain, kept.kind(), kept.id()).attributes()))
            .condition_expression("version = :before")
            .expression_attribute_values(":before", n(kept.version()));
        Ok(if_condition_held(delete.send().await)?.is_some())
    }
}
