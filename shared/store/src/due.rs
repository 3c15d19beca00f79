//! What must happen now, found by the tick.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use futures::TryStreamExt;
use futures::stream::{self, StreamExt};
use hub_models::id::{BatchId, DeliveryId, DraftId, EngagementId};
use hub_models::moment::Moment;

use crate::Store;
use crate::access::if_condition_held;
use crate::error::StoreError;
use crate::item::{Item, s, text};
use crate::keys::{self, Key};

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
    /// A batch, to release more of its rows or to see whether all have ended.
    Batch(BatchId),
    /// A batch in the making, to be cleared away where it was given up.
    Draft(DraftId),
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

    /// Moves the date of an item to `later`, if it still is `seen`, and gives the item as it then is.
    pub(crate) async fn put_off(&self, key: &Key, seen: Moment, later: Moment) -> Result<Option<Item>, StoreError> {
        let sent = self
            .client
            .update_item()
            .table_name(&self.tables.engagements)
            .set_key(Some(key.attributes()))
            .update_expression("SET due_at = :later")
            .condition_expression("due_at = :seen")
            .expression_attribute_values(":later", s(later.to_string()))
            .expression_attribute_values(":seen", s(seen.to_string()))
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        Ok(if_condition_held(sent)?.and_then(|output| output.attributes))
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
    Some(Due { kind: kind(item)?, due_at: text(item, "due_at").parse().ok()? })
}

fn kind(item: &Item) -> Option<DueKind> {
    let (kind, id) = text(item, "pk").split_once('#')?;
    match (kind, text(item, "sk").strip_prefix(keys::HOOK)) {
        ("BATCH", _) => id.parse().ok().map(DueKind::Batch),
        ("DRAFT", _) => id.parse().ok().map(DueKind::Draft),
        ("ENG", None) => id.parse().ok().map(DueKind::Engagement),
        ("ENG", Some(sequence)) => keys::delivery_id(id.parse().ok()?, sequence).map(DueKind::Delivery),
        _ => None,
    }
}
