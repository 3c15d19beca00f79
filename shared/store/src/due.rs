//! What must happen now, found by the tick.

use aws_sdk_dynamodb::types::AttributeValue;
use futures::TryStreamExt;
use futures::stream::{self, StreamExt};
use hub_models::id::{DeliveryId, EngagementId};
use hub_models::moment::Moment;

use crate::Store;
use crate::error::StoreError;
use crate::item::{Item, s, text};
use crate::keys;

/// The shards of the due index.
pub const SHARDS: u8 = 16;

/// Something whose time has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// What it is.
    pub kind: DueKind,
    /// When it is due.
    pub due_at: Moment,
}

/// The kinds of item that can be due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueKind {
    /// An engagement, to be sent, retried or looked at.
    Engagement(EngagementId),
    /// A webhook delivery, to be tried.
    Delivery(DeliveryId),
}

impl Store {
    /// What is due before `horizon`, at most `limit` of each shard, the most overdue first.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub async fn due(&self, horizon: Moment, limit: i32) -> Result<Vec<Due>, StoreError> {
        let shards = stream::iter(0..SHARDS).map(|shard| self.due_in(shard, horizon, limit));
        let found: Vec<Vec<Due>> = shards.buffer_unordered(usize::from(SHARDS)).try_collect().await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn due_in(&self, shard: u8, horizon: Moment, limit: i32) -> Result<Vec<Due>, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&self.tables.engagements)
            .index_name("due")
            .key_condition_expression("due_shard = :shard AND due_at < :horizon")
            .expression_attribute_values(":shard", s(format!("{shard:x}")))
            .expression_attribute_values(":horizon", AttributeValue::S(horizon.to_string()))
            .limit(limit);
        let items = query.send().await?.items.unwrap_or_default();
        Ok(items.iter().filter_map(due).collect())
    }
}

fn due(item: &Item) -> Option<Due> {
    let engagement: EngagementId = text(item, "pk").strip_prefix("ENG#")?.parse().ok()?;
    let sk = text(item, "sk");
    let kind = match sk.strip_prefix(keys::HOOK) {
        Some(sequence) => DueKind::Delivery(keys::delivery_id(engagement, sequence)?),
        None => DueKind::Engagement(engagement),
    };
    Some(Due { kind, due_at: text(item, "due_at").parse().ok()? })
}
