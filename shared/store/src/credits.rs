//! Credits: what the operator adds and takes. Debits and refunds are part of an engagement's own transactions.

use hub_models::account::CreditEntry;
use hub_models::id::AccountId;
use uuid::Uuid;

use crate::Store;
use crate::error::StoreError;
use crate::item::{Item, n, to_item};
use crate::keys;
use crate::transaction::{Transacted, put, update};

/// What became of an addition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddCredits {
    /// The balance and the ledger have it.
    Added,
    /// There is no such account, or fewer credits than were to be taken.
    Impossible,
}

impl Store {
    /// Adds credits to the balance and an entry to the ledger, as one.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn add_credits(&self, id: AccountId, entry: &CreditEntry) -> Result<AddCredits, StoreError> {
        let table = &self.tables.accounts;
        let least = entry.amount.min(0).unsigned_abs();
        let values = Item::from([(":amount".to_owned(), n(entry.amount)), (":least".to_owned(), n(least))]);
        let condition = "attribute_exists(pk) AND balance >= :least";
        let ledger = to_item(&keys::credit(id, &Uuid::now_v7().simple().to_string()), entry)?;
        let writes = vec![
            update(table, &keys::account(id), "SET balance = balance + :amount", condition, values)?,
            put(table, ledger, None, Item::new())?,
        ];
        Ok(match self.transact(writes).await? {
            Transacted::Done => AddCredits::Added,
            Transacted::Refused(_) => AddCredits::Impossible,
        })
    }

    /// The ledger, oldest entry first.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn credit_entries(&self, id: AccountId) -> Result<Vec<CreditEntry>, StoreError> {
        self.read_all(&self.tables.accounts, &keys::account_pk(id), keys::CREDIT).await
    }
}
