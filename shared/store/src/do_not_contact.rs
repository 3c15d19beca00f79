//! Contacts that must not be engaged.

use std::collections::BTreeSet;

use hub_models::channel::Channel;
use hub_models::contact::Contact;
use hub_models::domain::DomainName;
use hub_models::moment::Moment;
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::error::StoreError;
use crate::item::to_item;
use crate::keys;

/// An entry of a domain's do-not-contact list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoNotContact {
    /// The contact.
    pub contact: Contact,
    /// The channels it is closed to; none named is all.
    #[serde(default)]
    pub channels: BTreeSet<Channel>,
    /// Why.
    pub reason: String,
    /// Since when.
    pub added_at: Moment,
}

impl DoNotContact {
    /// Whether this channel is closed.
    #[must_use]
    pub fn closes(&self, channel: Channel) -> bool {
        self.channels.is_empty() || self.channels.contains(&channel)
    }
}

impl Store {
    /// The contact's entry that closes this channel.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn do_not_contact(
        &self,
        domain: &DomainName,
        contact: &Contact,
        channel: Channel,
    ) -> Result<Option<DoNotContact>, StoreError> {
        let entry: Option<DoNotContact> =
            self.read(&self.tables.accounts, &keys::do_not_contact(domain, contact)).await?;
        Ok(entry.filter(|entry| entry.closes(channel)))
    }

    /// Puts a contact on the list, in place of an entry that it had.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn add_do_not_contact(&self, domain: &DomainName, entry: &DoNotContact) -> Result<(), StoreError> {
        let item = to_item(&keys::do_not_contact(domain, &entry.contact), entry)?;
        self.client.put_item().table_name(&self.tables.accounts).set_item(Some(item)).send().await?;
        Ok(())
    }
}
