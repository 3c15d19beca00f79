//! A domain's do-not-contact list, by contact, a page at a time, out of all its partitions at once.

use std::cmp::min;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::TryStreamExt;
use futures::stream::{self, StreamExt};
use hub_models::do_not_contact::{DoNotContact, Scope};
use hub_models::domain::DomainName;

use crate::Store;
use crate::do_not_contact::{listed, names};
use crate::error::StoreError;
use crate::item::{s, text};
use crate::keys::{self, DO_NOT_CONTACT_SHARDS};
use crate::listing::{CursorError, Page};

/// How often one request reads on through all partitions. A page may come short and still have a cursor.
const MOST_ROUNDS: usize = 4;

/// How many items of each partition one round of a filtered list reads past.
const READ_PAST: usize = 100;

/// The most bytes of a sort key.
const LONGEST_KEY: usize = 1024;

/// Where a do-not-contact list goes on: behind this contact. The tenant always comes from the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactCursor(String);

impl ContactCursor {
    /// The cursor as callers carry it.
    #[must_use]
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.0)
    }

    /// The cursor that was encoded so.
    ///
    /// # Errors
    /// When it was not.
    pub fn decode(text: &str) -> Result<Self, CursorError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| CursorError)?;
        let key = String::from_utf8(bytes).map_err(|_| CursorError)?;
        if (1..=LONGEST_KEY).contains(&key.len()) { Ok(Self(key)) } else { Err(CursorError) }
    }
}

/// What one partition has behind the cursor.
struct Found {
    contacts: Vec<DoNotContact>,
    /// How far it was read; nothing where it was read to its end.
    read_to: Option<String>,
}

impl Store {
    /// The contacts of a domain that something is closed to, or this, in the order of their keys.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn do_not_contacts(
        &self,
        domain: &DomainName,
        scope: Option<Scope>,
        cursor: Option<ContactCursor>,
        limit: usize,
    ) -> Result<Page<DoNotContact, ContactCursor>, StoreError> {
        let (mut items, mut next) = (Vec::new(), cursor);
        for _ in 0..MOST_ROUNDS {
            let wanted = limit - items.len();
            let shards = stream::iter(0..DO_NOT_CONTACT_SHARDS)
                .map(|shard| self.do_not_contacts_in(domain, shard, scope, next.as_ref(), wanted));
            let found = shards.buffer_unordered(usize::from(DO_NOT_CONTACT_SHARDS)).try_collect().await?;
            let contacts;
            (contacts, next) = merge(found, wanted);
            items.extend(contacts);
            if next.is_none() || items.len() >= limit {
                break;
            }
        }
        Ok(Page { items, next })
    }

    async fn do_not_contacts_in(
        &self,
        domain: &DomainName,
        shard: u8,
        scope: Option<Scope>,
        after: Option<&ContactCursor>,
        wanted: usize,
    ) -> Result<Found, StoreError> {
        let condition = if after.is_some() { "pk = :pk AND sk > :after" } else { "pk = :pk" };
        let query = self
            .client
            .query()
            .table_name(&self.tables.accounts)
            .key_condition_expression(condition)
            .expression_attribute_values(":pk", s(keys::do_not_contact_pk(domain, shard)))
            .set_filter_expression(scope.map(closes))
            .set_expression_attribute_names(scope.map(|scope| names(&[Scope::All, scope])))
            .consistent_read(true)
            .limit(read_at_once(scope, wanted));
        let query = match after {
            Some(ContactCursor(key)) => query.expression_attribute_values(":after", s(key)),
            None => query,
        };
        let answer = query.send().await?;
        let read_to = answer.last_evaluated_key.as_ref().map(|key| text(key, "sk").to_owned());
        let contacts = answer.items.unwrap_or_default().into_iter().map(listed).collect::<Result<_, _>>()?;
        Ok(Found { contacts, read_to })
    }
}

fn closes(scope: Scope) -> String {
    match scope {
        Scope::All => "attribute_exists(#all)".to_owned(),
        channel => format!("attribute_exists(#all) OR attribute_exists(#{channel})"),
    }
}

/// A little more than a partition's part of the page: the keys are spread by their hash.
fn read_at_once(scope: Option<Scope>, wanted: usize) -> i32 {
    let part = 2 * wanted.div_ceil(usize::from(DO_NOT_CONTACT_SHARDS)) + 2;
    let read = if scope.is_some() { READ_PAST } else { min(part, wanted) };
    i32::try_from(read).unwrap_or(i32::MAX)
}

/// The first contacts of all partitions, as far as all of them were read.
fn merge(found: Vec<Found>, wanted: usize) -> (Vec<DoNotContact>, Option<ContactCursor>) {
    let read_to = found.iter().filter_map(|found| found.read_to.clone()).min();
    let contacts = found.into_iter().flat_map(|found| found.contacts).map(|listed| (listed.contact.key(), listed));
    let mut in_order: Vec<(String, DoNotContact)> =
        contacts.filter(|(key, _)| read_to.as_ref().is_none_or(|read_to| key <= read_to)).collect();
    in_order.sort_by(|(a, _), (b, _)| a.cmp(b));
    let more = in_order.len() > wanted;
    in_order.truncate(wanted);
    let next = if more { in_order.last().map(|(key, _)| key.clone()) } else { read_to };
    (in_order.into_iter().map(|(_, listed)| listed).collect(), next.map(ContactCursor))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// What a partition with these contacts answers.
    fn page(contacts: &BTreeSet<String>, after: Option<&ContactCursor>, limit: usize) -> Found {
        let behind = contacts.iter().filter(|key| after.is_none_or(|ContactCursor(after)| *key > after));
        let keys: Vec<&String> = behind.collect();
        let read = &keys[..min(limit, keys.len())];
        let read_to = (read.len() < keys.len()).then(|| read[read.len() - 1].clone());
        Found { contacts: read.iter().map(|key| DoNotContact::open(key.parse().unwrap())).collect(), read_to }
    }

    proptest! {
        #[test]
        fn pages_of_any_size_walk_every_contact_once_in_order(
            shards in proptest::collection::vec(proptest::collection::btree_set("[a-e]{1,4}", 0..12), 1..5),
            wanted in 1usize..9,
            read_at_once in 1usize..9,
        ) {
            let address = |(shard, names): (usize, &BTreeSet<String>)| -> BTreeSet<String> {
                names.iter().map(|name| format!("{name}.{shard}@example.com")).collect()
            };
            let shards: Vec<BTreeSet<String>> = shards.iter().enumerate().map(address).collect();
            let (mut walked, mut cursor) = (Vec::new(), None);
            loop {
                let found = shards.iter().map(|shard| page(shard, cursor.as_ref(), read_at_once)).collect();
                let (contacts, next) = merge(found, wanted);
                walked.extend(contacts.into_iter().map(|listed| listed.contact.key()));
                cursor = next;
                if cursor.is_none() {
                    break;
                }
            }
            let all: BTreeSet<String> = shards.into_iter().flatten().collect();
            prop_assert_eq!(walked, all.into_iter().collect::<Vec<_>>());
        }

        #[test]
        fn a_cursor_is_read_back_as_it_was_written(key in "\\PC{1,60}") {
            let cursor = ContactCursor(key);
            prop_assert_eq!(ContactCursor::decode(&cursor.encode()), Ok(cursor));
        }

        #[test]
        fn reading_a_cursor_never_panics(text in ".{0,60}") {
            let _ = ContactCursor::decode(&text);
        }
    }

    #[test]
    fn what_is_too_long_for_a_key_or_empty_is_no_cursor() {
        for key in [String::new(), "x".repeat(LONGEST_KEY + 1)] {
            assert_eq!(ContactCursor::decode(&ContactCursor(key).encode()), Err(CursorError));
        }
    }
}
