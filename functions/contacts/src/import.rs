//! A file's contacts put on the list, many at once.

use std::collections::{BTreeMap, BTreeSet};

use futures::TryStreamExt;
use futures::stream::{self, StreamExt};
use hub_engagements::Hub;
use hub_models::do_not_contact::{AddedBy, DoNotContact, Entry, Scope};
use hub_models::domain::DomainName;
use hub_models::moment::Moment;
use hub_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::contacts::{Contacts, ToList};

/// How many contacts are written at once.
const AT_ONCE: usize = 32;

/// What became of a file.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ImportedContacts {
    /// How many contacts have an entry that they did not have before.
    #[schema(example = 3)]
    added: usize,
    /// How many had an entry for all that their row names already.
    #[schema(example = 1)]
    already_listed: usize,
    /// The rows that were skipped, the first 100 of them. The first row after the header is row 1.
    #[schema(example = json!(["Row 3: \"4165\" must be a phone number, such as +14165551234, or an email address."]))]
    errors: Vec<String>,
    /// How many more rows were skipped.
    #[schema(example = 0)]
    more_errors: usize,
}

/// Writes each contact once, whatever number of rows it has. A file that broke off half way can be sent again.
pub(crate) async fn import(
    hub: &Hub,
    domain_name: &DomainName,
    added_by: &AddedBy,
    contacts: Contacts,
) -> Result<ImportedContacts, StoreError> {
    let rows = contacts.listed.len();
    let gathered = gather(contacts.listed, added_by, hub.clock.now());
    let writes = gathered.into_values().map(|gathered| async move {
        let listed = hub.store.add_do_not_contact(domain_name, &gathered.new).await?;
        Ok::<usize, StoreError>(gathered.added_to(&listed.before))
    });
    let added =
        stream::iter(writes).buffer_unordered(AT_ONCE).try_fold(0, |sum, added| async move { Ok(sum + added) }).await?;
    Ok(ImportedContacts {
        added,
        already_listed: rows - added,
        errors: contacts.errors,
        more_errors: contacts.more_errors,
    })
}

/// What the rows of one contact close to it.
struct Gathered {
    new: DoNotContact,
    /// What each row has an entry for that the rows before it have not.
    fresh: Vec<BTreeSet<Scope>>,
}

impl Gathered {
    fn take(&mut self, scopes: BTreeSet<Scope>, entry: &Entry) {
        let fresh: BTreeSet<Scope> = scopes.into_iter().filter(|scope| !self.new.closed.contains_key(scope)).collect();
        fresh.iter().for_each(|scope| self.new.close(*scope, entry.clone()));
        self.fresh.push(fresh);
    }

    /// How many rows made an entry.
    fn added_to(&self, before: &DoNotContact) -> usize {
        let adds = |fresh: &&BTreeSet<Scope>| fresh.iter().any(|scope| !before.closed.contains_key(scope));
        self.fresh.iter().filter(adds).count()
    }
}

fn gather(rows: Vec<ToList>, added_by: &AddedBy, added_at: Moment) -> BTreeMap<String, Gathered> {
    let mut gathered: BTreeMap<String, Gathered> = BTreeMap::new();
    for ToList { contact, scopes, reason } in rows {
        let entry = Entry { reason, added_by: added_by.clone(), added_at };
        let nothing = || Gathered { new: DoNotContact::open(contact.clone()), fresh: Vec::new() };
        gathered.entry(contact.key()).or_insert_with(nothing).take(scopes, &entry);
    }
    gathered
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(file: &str) -> Vec<Gathered> {
        let contacts = Contacts::read(file.as_bytes()).unwrap();
        gather(contacts.listed, &AddedBy::Recipient, Moment::from_millisecond(0)).into_values().collect()
    }

    #[test]
    fn the_rows_of_a_contact_are_one_write_and_its_first_reason_stands() {
        let gathered = gathered("contact,channel,reason\na@example.com,email,One\nA@Example.com,email,Two\n");
        assert_eq!(gathered.len(), 1);
        assert_eq!(gathered[0].new.closed[&Scope::Email].reason.as_str(), "One");
        assert_eq!(gathered[0].added_to(&DoNotContact::open(gathered[0].new.contact.clone())), 1);
    }

    #[test]
    fn a_row_counts_as_added_when_it_makes_an_entry() {
        let gathered = gathered("contact,channel\n4165551234,sms\n4165551234,phone\n4165551234,sms phone\n");
        let open = DoNotContact::open(gathered[0].new.contact.clone());
        assert_eq!(gathered[0].added_to(&open), 2);
        let entry = &gathered[0].new.closed[&Scope::Sms];
        let before = |scope| DoNotContact::new(gathered[0].new.contact.clone(), [scope], entry);
        assert_eq!(gathered[0].added_to(&before(Scope::Sms)), 1);
        assert_eq!(gathered[0].added_to(&before(Scope::All)), 2);
    }

    #[test]
    fn an_entry_beside_the_one_for_all_is_made_and_counts() {
        let gathered = gathered("contact,channel\n4165551234,all\n4165551234,sms\n4165551234,all\n");
        assert!(gathered[0].new.closed.keys().eq(&[Scope::All, Scope::Sms]));
        assert_eq!(gathered[0].added_to(&DoNotContact::open(gathered[0].new.contact.clone())), 2);
    }
}
