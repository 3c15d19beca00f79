//! Contacts that must not be engaged: one item for each, with an attribute for everything that is closed to it.
//!
//! Nothing is read in order to add, so that no two who add at once can undo each other. What is removed is removed from
//! an item that still has the shape it was decided on.

use std::collections::{HashMap, HashSet};

use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};
use hub_models::channel::Channel;
use hub_models::contact::Contact;
use hub_models::do_not_contact::{DoNotContact, Entry, Scope};
use hub_models::domain::DomainName;

use crate::Store;
use crate::error::StoreError;
use crate::item::{Item, s};
use crate::keys::{self, Key};

/// A contact that was added to the list.
#[derive(Clone, Debug)]
pub struct ContactAdded {
    /// What was closed to it before.
    pub before: DoNotContact,
    /// What is closed to it now.
    pub now: DoNotContact,
}

/// What became of a removal.
enum Removal {
    Written,
    /// Another change came first; this is how the contact stands now.
    Conflict(DoNotContact),
}

impl Store {
    /// The entry that closes this channel to the contact.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn do_not_contact(
        &self,
        domain: &DomainName,
        contact: &Contact,
        channel: Channel,
    ) -> Result<Option<Entry>, StoreError> {
        let listed = self.closed_to(domain, contact).await?;
        Ok(listed.closing(channel.into()).cloned())
    }

    /// The contact with everything that is closed to it, which may be nothing.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn closed_to(&self, domain: &DomainName, contact: &Contact) -> Result<DoNotContact, StoreError> {
        let key = keys::do_not_contact(domain, contact).attributes();
        let get = self.client.get_item().table_name(&self.tables.accounts).set_key(Some(key)).consistent_read(true);
        or_open(get.send().await?.item, contact)
    }

    /// What is closed to these contacts, by [`Contact::key`]; those to whom nothing is are left out.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn closed_to_many(
        &self,
        domain: &DomainName,
        contacts: &[&Contact],
    ) -> Result<HashMap<String, DoNotContact>, StoreError> {
        let keys: HashSet<Key> = contacts.iter().map(|contact| keys::do_not_contact(domain, contact)).collect();
        let found = self.get_many(&self.tables.accounts, keys.into_iter().collect()).await?;
        found.into_values().map(|item| listed(item).map(|listed| (listed.contact.key(), listed))).collect()
    }

    /// Makes an entry for all that is named and has none yet, in one write: the first reason stands. A channel gets one
    /// beside the entry for all channels too, and keeps its own reason when another channel is opened. At least one thing
    /// must be named.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn add_do_not_contact(
        &self,
        domain: &DomainName,
        new: &DoNotContact,
    ) -> Result<ContactAdded, StoreError> {
        let update = self
            .client
            .update_item()
            .table_name(&self.tables.accounts)
            .set_key(Some(keys::do_not_contact(domain, &new.contact).attributes()))
            .update_expression(closing(new))
            .set_expression_attribute_names(Some(names(new.closed.keys())))
            .set_expression_attribute_values(Some(values(new)?))
            .return_values(ReturnValue::AllOld);
        let mut before = or_open(update.send().await?.attributes, &new.contact)?;
        // The very same is there when the answer to the first try of this write was lost.
        before.closed.retain(|scope, entry| new.closed.get(scope) != Some(entry));
        let mut now = before.clone();
        new.closed.iter().for_each(|(scope, entry)| now.close(*scope, entry.clone()));
        Ok(ContactAdded { before, now })
    }

    /// Opens one channel to a contact, or everything, and gives what is still closed; nothing where it was open.
    ///
    /// # Errors
    /// When the table cannot be used.
    pub async fn remove_do_not_contact(
        &self,
        domain: &DomainName,
        contact: &Contact,
        scope: Scope,
    ) -> Result<Option<DoNotContact>, StoreError> {
        let mut listed = self.closed_to(domain, contact).await?;
        let mut left = listed.clone().without(scope);
        if left == listed {
            return Ok(None);
        }
        while left != listed {
            match self.open(domain, &listed, &left, scope).await? {
                Removal::Written => break,
                Removal::Conflict(now) => listed = now,
            }
            left = listed.clone().without(scope);
        }
        Ok(Some(left))
    }

    /// Takes back one entry, where `is_own` says that it may be taken back; all others stay.
    ///
    /// # Errors
    /// When the table cannot be used.
    pub async fn take_back_do_not_contact(
        &self,
        domain: &DomainName,
        contact: &Contact,
        scope: Scope,
        is_own: impl Fn(&Entry) -> bool,
    ) -> Result<(), StoreError> {
        let mut listed = self.closed_to(domain, contact).await?;
        while listed.closed.get(&scope).is_some_and(&is_own) {
            let mut left = listed.clone();
            left.closed.remove(&scope);
            let key = keys::do_not_contact(domain, contact);
            let removal = match left.closed.is_empty() {
                true => self.delete_listed(&key, &listed).await?,
                false => self.remove_entry(&key, &listed, format!("REMOVE #{scope}")).await?,
            };
            match removal {
                Removal::Written => break,
                Removal::Conflict(now) => listed = now,
            }
        }
        Ok(())
    }

    /// Writes what is left of an item, or deletes it where nothing is.
    async fn open(
        &self,
        domain: &DomainName,
        listed: &DoNotContact,
        left: &DoNotContact,
        scope: Scope,
    ) -> Result<Removal, StoreError> {
        let key = keys::do_not_contact(domain, &listed.contact);
        if left.closed.is_empty() {
            return self.delete_listed(&key, listed).await;
        }
        self.remove_entry(&key, listed, opening(listed, scope)).await
    }

    async fn remove_entry(&self, key: &Key, listed: &DoNotContact, expression: String) -> Result<Removal, StoreError> {
        let sent = self
            .client
            .update_item()
            .table_name(&self.tables.accounts)
            .set_key(Some(key.attributes()))
            .update_expression(expression)
            .condition_expression(shape(listed))
            .set_expression_attribute_names(Some(names(Scope::ALL)))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = sent else { return Ok(Removal::Written) };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                or_open(failed.item().cloned(), &listed.contact).map(Removal::Conflict)
            }
            _ => Err(error.into()),
        }
    }

    async fn delete_listed(&self, key: &Key, listed: &DoNotContact) -> Result<Removal, StoreError> {
        let sent = self
            .client
            .delete_item()
            .table_name(&self.tables.accounts)
            .set_key(Some(key.attributes()))
            .condition_expression(shape(listed))
            .set_expression_attribute_names(Some(names(Scope::ALL)))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = sent else { return Ok(Removal::Written) };
        match error.as_service_error() {
            Some(DeleteItemError::ConditionalCheckFailedException(failed)) => {
                or_open(failed.item().cloned(), &listed.contact).map(Removal::Conflict)
            }
            _ => Err(error.into()),
        }
    }
}

/// The contact of an item.
pub(crate) fn listed(mut item: Item) -> Result<DoNotContact, StoreError> {
    let contact = item.remove("contact").ok_or_else(|| StoreError::Unreadable("an entry of nobody".to_owned()))?;
    let mut listed = DoNotContact::open(serde_dynamo::from_attribute_value(contact)?);
    for scope in Scope::ALL {
        if let Some(entry) = item.remove(scope.as_str()) {
            listed.close(*scope, serde_dynamo::from_attribute_value(entry)?);
        }
    }
    Ok(listed)
}

fn or_open(item: Option<Item>, contact: &Contact) -> Result<DoNotContact, StoreError> {
    // An update that makes its item may tell the key as what was there before.
    let item = item.filter(|item| item.contains_key("contact"));
    item.map_or_else(|| Ok(DoNotContact::open(contact.clone())), listed)
}

/// The placeholders of these attributes; some of them are words that DynamoDB reserves.
pub(crate) fn names<'a>(scopes: impl IntoIterator<Item = &'a Scope>) -> HashMap<String, String> {
    scopes.into_iter().map(|scope| (format!("#{scope}"), scope.to_string())).collect()
}

fn values(new: &DoNotContact) -> Result<Item, StoreError> {
    let mut values = Item::from([(":contact".to_owned(), s(new.contact.as_str()))]);
    for (scope, entry) in &new.closed {
        values.insert(format!(":{scope}"), serde_dynamo::to_attribute_value(entry)?);
    }
    Ok(values)
}

fn closing(new: &DoNotContact) -> String {
    let entries = new.closed.keys().map(|scope| format!("#{scope} = if_not_exists(#{scope}, :{scope})"));
    let sets = std::iter::once("contact = if_not_exists(contact, :contact)".to_owned()).chain(entries);
    format!("SET {}", sets.collect::<Vec<_>>().join(", "))
}

/// Removes one channel; where all were closed, the others take over that entry.
fn opening(listed: &DoNotContact, scope: Scope) -> String {
    if !listed.closed.contains_key(&Scope::All) {
        return format!("REMOVE #{scope}");
    }
    let others = Channel::ALL.iter().map(|channel| Scope::from(*channel)).filter(|other| *other != scope);
    let sets = others.map(|other| format!("#{other} = if_not_exists(#{other}, #all)")).collect::<Vec<_>>();
    format!("SET {} REMOVE #all, #{scope}", sets.join(", "))
}

/// Holds as long as the same things are closed.
fn shape(listed: &DoNotContact) -> String {
    let terms = Scope::ALL.iter().map(|scope| match listed.closed.contains_key(scope) {
        true => format!("attribute_exists(#{scope})"),
        false => format!("attribute_not_exists(#{scope})"),
    });
    terms.collect::<Vec<_>>().join(" AND ")
}

#[cfg(test)]
mod tests {
    use hub_models::do_not_contact::{AddedBy, Reason};
    use hub_models::id::ApiKeyId;
    use hub_models::moment::Moment;

    use super::*;

    fn all_closed() -> DoNotContact {
        let added_by = AddedBy::ApiKey { api_key_id: ApiKeyId::from_bytes([7; 20]) };
        let entry = Entry { reason: Reason::default(), added_by, added_at: Moment::from_millisecond(0) };
        DoNotContact::new(Contact::example(), Scope::ALL.iter().copied(), &entry)
    }

    #[test]
    fn an_item_is_read_back_as_it_was_written() {
        let written = values(&all_closed()).unwrap();
        let item = written.into_iter().map(|(name, value)| (name.replace(':', ""), value)).collect();
        assert_eq!(listed(item).unwrap(), all_closed());
    }

    #[test]
    fn opening_one_channel_out_of_all_hands_its_entry_to_the_others() {
        let all = DoNotContact { closed: [all_closed().closed.pop_first().unwrap()].into(), ..all_closed() };
        let others =
            ["phone", "wmsg", "wvoice", "email"].map(|other| format!("#{other} = if_not_exists(#{other}, #all)"));
        assert_eq!(opening(&all, Scope::Sms), format!("SET {} REMOVE #all, #sms", others.join(", ")));
        let sms =
            DoNotContact { closed: [all_closed().closed.remove_entry(&Scope::Sms).unwrap()].into(), ..all_closed() };
        assert_eq!(opening(&sms, Scope::Sms), "REMOVE #sms");
    }
}
