//! The rows of a batch: engagements that are found by their place, and what is kept of those that were left out.
//!
//! A row's key is made from its batch's draft and its place, so no index is needed. As long as the batch is not committed
//! nobody knows its rows' keys, and no index has them.

use std::ops::Range;

use hub_models::batch::{Batch, SkippedRow};
use hub_models::engagement::{Content, Engagement};
use hub_models::id::{DraftId, EngagementId};
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::engagements::engagement_item;
use crate::error::StoreError;
use crate::item::{from_item, to_item};
use crate::keys::{self, Key};
use crate::marks::Mark;

/// How many skipped rows one item tells of.
const TOLD_TOGETHER: usize = 200;

/// What a batch is made of, beside itself.
#[derive(Debug, Default)]
pub struct NewRows {
    /// Its rows, waiting, with what they say where that has an item of its own.
    pub rows: Vec<(Engagement, Option<Content>)>,
    /// The rows that were left out.
    pub skipped: Vec<SkippedRow>,
    /// For how many days a contact is remembered as engaged; 0 is not at all.
    pub remembered_for_days: u32,
}

/// Rows that were left out, as an item.
#[derive(Serialize, Deserialize)]
struct Skipped {
    rows: Vec<SkippedRow>,
}

impl Store {
    /// Writes the rows of a draft, where nothing acts on them.
    ///
    /// # Errors
    /// When the table cannot be written; some rows may be there then.
    pub async fn write_rows(&self, draft_id: DraftId, new: NewRows) -> Result<(), StoreError> {
        let mut items = Vec::with_capacity(new.rows.len() * 2);
        for (engagement, content) in new.rows {
            items.push(engagement_item(&engagement)?);
            if let Some(content) = content {
                items.push(to_item(&keys::content(engagement.engagement_id), &content)?);
            }
            if let Some(mark) = Mark::of(&engagement, new.remembered_for_days) {
                items.push(mark.item(&engagement)?);
            }
        }
        for (part, rows) in new.skipped.chunks(TOLD_TOGETHER).enumerate() {
            items.push(to_item(&keys::skipped(draft_id, part), &Skipped { rows: rows.to_vec() })?);
        }
        self.put_many(items).await
    }

    /// The rows of a batch at these places, in that order.
    ///
    /// # Errors
    /// When the table cannot be read, or a row is not there.
    pub async fn rows(&self, batch: &Batch, places: Range<u32>) -> Result<Vec<Engagement>, StoreError> {
        let ids: Vec<EngagementId> = places.map(|place| batch.row(place)).collect();
        let wanted = ids.len();
        let rows = self.engagements_with(ids).await?;
        if rows.len() == wanted {
            return Ok(rows);
        }
        Err(StoreError::Unreadable(format!("{} rows of batch {} are gone", wanted - rows.len(), batch.batch_id)))
    }

    /// The engagements with these ids that are there, in that order.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn engagements_with(&self, ids: Vec<EngagementId>) -> Result<Vec<Engagement>, StoreError> {
        let keys: Vec<Key> = ids.into_iter().map(keys::engagement).collect();
        let mut found = self.get_many(&self.tables.engagements, keys.clone()).await?;
        keys.iter().filter_map(|key| found.remove(key)).map(from_item).collect()
    }

    /// All rows that were left out of a batch, in the order in which they were noted.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn skipped_rows(&self, draft: DraftId) -> Result<Vec<SkippedRow>, StoreError> {
        let pk = keys::skipped_pk(draft);
        let parts: Vec<Skipped> = self.read_all(&self.tables.engagements, &pk, keys::SKIPPED).await?;
        Ok(parts.into_iter().flat_map(|part| part.rows).collect())
    }

    /// The first rows that were left out of a batch, in one small read however many there are.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn first_skipped_rows(&self, draft: DraftId) -> Result<Vec<SkippedRow>, StoreError> {
        let part: Option<Skipped> = self.read(&self.tables.engagements, &keys::skipped(draft, 0)).await?;
        Ok(part.map(|part| part.rows).unwrap_or_default())
    }
}

/// How many items may tell of so many skipped rows.
pub(crate) fn skipped_parts(rows: u32) -> usize {
    usize::try_from(rows).unwrap_or(usize::MAX).div_ceil(TOLD_TOGETHER)
}
