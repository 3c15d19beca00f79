//! Webhook deliveries: items beside the engagement they tell of.

use hub_models::domain::DomainName;
use hub_models::id::{DeliveryId, EngagementId};
use hub_models::moment::Moment;
use hub_models::webhook::Delivery;
use jiff::SignedDuration;

use crate::Store;
use crate::access::if_condition_held;
use crate::error::StoreError;
use crate::item::{Item, from_item, n, s, to_item};
use crate::keys;
use crate::listing::{Cursor, List, Page};

/// How long a delivery can be looked up.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

impl Store {
    pub(crate) fn delivery_item(delivery: &Delivery) -> Result<Item, StoreError> {
        let id = delivery.delivery_id;
        let mut item = to_item(&keys::delivery(id), delivery)?;
        item.insert("kind".to_owned(), s("delivery"));
        let day = keys::deliveries_day(&delivery.domain_name, &delivery.created_at.day());
        item.insert("domain_day".to_owned(), s(day));
        item.insert("expires_at".to_owned(), n((delivery.created_at + KEPT_FOR).as_second()));
        if delivery.due_at.is_some() {
            item.insert("due_shard".to_owned(), s(keys::due_shard(id.bytes())));
        }
        Ok(item)
    }

    /// The delivery as it is now.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        self.read(&self.tables.engagements, &keys::delivery(id)).await
    }

    /// Saves a delivery if the stored one still has the status, attempt and number of tries of `before`; false if another
    /// process was faster.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn save_delivery(&self, delivery: &Delivery, before: &Delivery) -> Result<bool, StoreError> {
        let sent = self
            .client
            .put_item()
            .table_name(&self.tables.engagements)
            .set_item(Some(Self::delivery_item(delivery)?))
            .condition_expression("#status = :status AND attempt = :attempt AND size(tries) = :tries")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":status", s(before.status.as_str()))
            .expression_attribute_values(":attempt", n(before.attempt))
            .expression_attribute_values(":tries", n(before.tries.len()))
            .send()
            .await;
        Ok(if_condition_held(sent)?.is_some())
    }

    /// Moves the date on which the tick looks at a pending delivery, if it still is `seen`; gives the number of the
    /// try that comes next.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn put_off_delivery(
        &self,
        id: DeliveryId,
        seen: Moment,
        due_at: Moment,
    ) -> Result<Option<Delivery>, StoreError> {
        self.put_off(&keys::delivery(id), seen, due_at).await?.map(from_item).transpose()
    }

    /// The deliveries of one engagement, oldest first.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn deliveries_of(&self, engagement: EngagementId) -> Result<Vec<Delivery>, StoreError> {
        self.read_all(&self.tables.engagements, &keys::engagement_pk(engagement), keys::HOOK).await
    }

    /// The deliveries of a domain, newest first.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn deliveries(
        &self,
        domain: &DomainName,
        since: Moment,
        cursor: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Delivery>, StoreError> {
        let now = self.clock.now();
        let since = since.max(now + -KEPT_FOR);
        let list = List { partition: |day: &str| keys::deliveries_day(domain, day), since, filter: None, limit };
        self.newest_first(&list, cursor, now, |_| true).await
    }
}
