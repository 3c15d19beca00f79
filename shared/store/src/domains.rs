//! Domains and their settings.

use std::sync::Arc;

use hub_models::domain::{Domain, DomainName};
use serde::Serialize;

use crate::Store;
use crate::error::StoreError;
use crate::item::{Item, to_item};
use crate::keys;
use crate::transaction::{Transacted, exists, put};

/// What became of a new domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Created {
    /// It was written.
    Yes,
    /// The name is taken.
    Taken,
    /// There is no such account.
    NoAccount,
}

/// What became of changed settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// They were written.
    Yes,
    /// Another change came first; read them again.
    Conflict,
}

#[derive(Serialize)]
struct Note<'a> {
    domain_name: &'a DomainName,
}

impl Store {
    /// Writes a new domain of an existing account.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn create_domain(&self, domain: &Domain) -> Result<Created, StoreError> {
        let table = &self.tables.accounts;
        let (id, name) = (domain.account_id, &domain.domain_name);
        let note = to_item(&keys::account_domain(id, name), &Note { domain_name: name })?;
        let writes = vec![
            exists(table, &keys::account(id))?,
            put(table, to_item(&keys::domain(name), domain)?, Some("attribute_not_exists(pk)"), Item::new())?,
            put(table, note, None, Item::new())?,
        ];
        Ok(match self.transact(writes).await? {
            Transacted::Done => Created::Yes,
            Transacted::Refused(reasons) if matches!(reasons.first(), Some(Some(_))) => Created::NoAccount,
            Transacted::Refused(_) => Created::Taken,
        })
    }

    /// The domain as it is now.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn domain(&self, name: &DomainName) -> Result<Option<Domain>, StoreError> {
        self.read(&self.tables.accounts, &keys::domain(name)).await
    }

    /// The domain as it was at most 30 s ago.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn domain_cached(&self, name: &DomainName) -> Result<Option<Arc<Domain>>, StoreError> {
        if let Some(domain) = self.cached.domains.get(name) {
            return Ok(Some(domain));
        }
        let domain = self.domain(name).await?;
        Ok(domain.map(|domain| self.cached.domains.put(name.clone(), domain)))
    }

    /// Writes changed settings over those that they were made from.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn save_domain(&self, domain: &Domain) -> Result<Saved, StoreError> {
        let next = Domain { version: domain.version + 1, ..domain.clone() };
        let item = to_item(&keys::domain(&domain.domain_name), &next)?;
        let written = self.write_over(&self.tables.accounts, item, domain.version).await?;
        self.cached.domains.forget(&domain.domain_name);
        Ok(if written { Saved::Yes } else { Saved::Conflict })
    }
}
