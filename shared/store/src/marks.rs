//! Marks of who was engaged last, for domains whose batches leave out whom they engaged lately (checklist I6).
//!
//! A domain without `customer_dedup_days` has none, and its starts cost what they did. A mark is one item for each
//! contact, written with the engagement, and it only points to it: whether the contact really was engaged, the
//! engagement knows. So a batch that never came about, or a start that failed, keeps nobody from being engaged.
//!
//! A start points to the engagement before it too: where the start fails, that one counts. A row of a batch does not: its
//! batch has looked there and found nobody engaged, or tries again whom it has not reached.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::TransactWriteItem;
use hub_models::contact::Contact;
use hub_models::domain::DomainName;
use hub_models::engagement::Engagement;
use hub_models::id::EngagementId;
use hub_models::moment::Moment;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::error::StoreError;
use crate::item::{Item, from_item, n, s, to_item};
use crate::keys;
use crate::transaction::update;

/// That a contact was engaged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// By which engagement.
    pub engagement_id: EngagementId,
    /// When that was accepted.
    pub created_at: Moment,
    /// The engagement that the mark named before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    previous_id: Option<EngagementId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    previous_at: Option<Moment>,
    expires_at: i64,
}

/// Makes the one that the mark names the one before. The first of a contact is its own.
const MOVE: &str = "SET previous_id = if_not_exists(engagement_id, :id), \
     previous_at = if_not_exists(created_at, :at), engagement_id = :id, created_at = :at, expires_at = :expires_at";

impl Mark {
    /// The mark that an engagement leaves for so many days. A test engages nobody.
    pub(crate) fn of(engagement: &Engagement, days: u32) -> Option<Self> {
        let (engagement_id, created_at) = (engagement.engagement_id, engagement.created_at);
        let expires_at = (created_at + SignedDuration::from_hours(24 * i64::from(days))).as_second();
        let mark = Self { engagement_id, created_at, previous_id: None, previous_at: None, expires_at };
        (days > 0 && !engagement.test_mode).then_some(mark)
    }

    /// The engagements that it names and that were accepted after this time.
    pub fn engagements_since(&self, since: Moment) -> impl Iterator<Item = EngagementId> {
        let newest = (self.engagement_id, self.created_at);
        let named = [Some(newest), self.previous_id.zip(self.previous_at)];
        named.into_iter().flatten().filter(move |(_, at)| *at > since).map(|(id, _)| id)
    }

    /// Sets the mark of the engagement's contact, and keeps whom it named.
    pub(crate) fn moving(&self, table: &str, engagement: &Engagement) -> Result<TransactWriteItem, StoreError> {
        let values = Item::from([
            (":id".to_owned(), s(self.engagement_id.to_string())),
            (":at".to_owned(), s(self.created_at.to_string())),
            (":expires_at".to_owned(), n(self.expires_at)),
        ]);
        update(table, &keys::contact(&engagement.domain_name, &engagement.contact), MOVE, None, values)
    }

    pub(crate) fn item(&self, engagement: &Engagement) -> Result<Item, StoreError> {
        to_item(&keys::contact(&engagement.domain_name, &engagement.contact), self)
    }
}

impl Store {
    /// The marks that there are of these contacts, by [`Contact::key`].
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn marks(&self, domain: &DomainName, contacts: &[&Contact]) -> Result<HashMap<String, Mark>, StoreError> {
        let by_key: HashMap<_, _> =
            contacts.iter().map(|contact| (keys::contact(domain, contact), contact.key())).collect();
        let mut found = self.get_many(&self.tables.engagements, by_key.keys().cloned().collect()).await?;
        let marks = by_key.into_iter().filter_map(|(key, contact)| Some((contact, found.remove(&key)?)));
        marks.map(|(contact, item)| Ok((contact, from_item(item)?))).collect()
    }
}
