//! Marks of who was engaged last, for domains whose batches leave out whom they engaged lately (checklist I6).
//!
//! A domain without `customer_dedup_days` has none, and its starts cost what they did. A mark is one item for each
//! contact, written with the engagement, and it only points to it: whether the contact really was engaged, the
//! engagement knows. So a batch that never came about, or a start that failed, keeps nobody from being engaged.

use std::collections::HashMap;

use hub_models::contact::Contact;
use hub_models::domain::DomainName;
use hub_models::engagement::Engagement;
use hub_models::id::EngagementId;
use hub_models::moment::Moment;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::error::StoreError;
use crate::item::{Item, from_item, to_item};
use crate::keys;

/// That a contact was engaged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// By which engagement.
    pub engagement_id: EngagementId,
    /// When that was accepted.
    pub created_at: Moment,
    expires_at: i64,
}

impl Mark {
    /// The mark that an engagement leaves for so many days. A test engages nobody.
    pub(crate) fn of(engagement: &Engagement, days: u32) -> Option<Self> {
        let (engagement_id, created_at) = (engagement.engagement_id, engagement.created_at);
        let expires_at = (created_at + SignedDuration::from_hours(24 * i64::from(days))).as_second();
        (days > 0 && !engagement.test_mode).then_some(Self { engagement_id, created_at, expires_at })
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
