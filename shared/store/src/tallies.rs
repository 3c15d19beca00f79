//! How far the rows of a batch are: each is counted in the very write that ends it, so the counts are never wrong.

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use hub_models::batch::{Batch, BatchRow, RowStage, Tally};
use hub_models::engagement::{Change, Counting, State};
use hub_models::id::BatchId;
use hub_models::webhook::Delivery;
use serde::Deserialize;

use crate::Store;
use crate::engagements::{engagement_item, refund};
use crate::error::StoreError;
use crate::item::{Item, from_item, n, s, text};
use crate::keys::{self, Key};
use crate::transaction::{Transacted, put, update};

/// A batch with what has been counted of its rows.
#[derive(Clone, Debug)]
pub struct Counted {
    /// The batch.
    pub batch: Batch,
    /// How its rows have ended so far.
    pub tally: Tally,
    /// The places of rows that wait until it goes on.
    pub held: Vec<u32>,
}

/// A part of what is counted, as an item.
#[derive(Default, Deserialize)]
#[serde(default)]
struct TallyItem {
    completed: u32,
    failed: u32,
    cancelled: u32,
    withdrawn: u32,
    held: Vec<u32>,
}

impl Store {
    /// The batch and how far its rows are, in one query, however many they are.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn counted_batch(&self, id: BatchId) -> Result<Option<Counted>, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&self.tables.engagements)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", s(keys::batch_pk(id)))
            .consistent_read(true);
        let mut items = query.into_paginator().items().send();
        let (mut batch, mut tally, mut held) = (None, Tally::default(), Vec::new());
        while let Some(item) = items.next().await {
            let item = item?;
            if text(&item, "sk") == keys::BATCH {
                batch = Some(from_item(item)?);
                continue;
            }
            let part: TallyItem = from_item(item)?;
            tally.completed += part.completed;
            tally.failed += part.failed;
            tally.cancelled += part.cancelled;
            tally.withdrawn += part.withdrawn;
            held.extend(part.held);
        }
        Ok(batch.map(|batch| Counted { batch, tally, held }))
    }

    /// Takes back that a row waits until its batch goes on.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn forget_held(&self, row: &BatchRow) -> Result<(), StoreError> {
        let update = self
            .client
            .update_item()
            .table_name(&self.tables.engagements)
            .set_key(Some(keys::tally(row.batch_id, row.place).attributes()))
            .update_expression("DELETE held :places")
            .expression_attribute_values(":places", places(row));
        update.send().await?;
        Ok(())
    }

    /// Writes that these rows of one batch are called off, with their refunds, as one; false where one of them has
    /// changed meanwhile. They are at most 24.
    ///
    /// # Errors
    /// When the tables cannot be written.
    pub async fn write_together(&self, changes: &[Change], told: &[Delivery]) -> Result<bool, StoreError> {
        let table = &self.tables.engagements;
        let mut writes = Vec::with_capacity(changes.len() * 3 + 1);
        for change in changes {
            let values = Item::from([(":before".to_owned(), n(change.engagement.version - 1))]);
            writes.push(put(table, engagement_item(&change.engagement)?, Some("version = :before"), values)?);
        }
        for delivery in told {
            writes.push(put(table, Self::delivery_item(delivery)?, None, Item::new())?);
        }
        writes.extend(tallies_of(table, changes)?);
        let back = changes.iter().map(|change| change.refund).sum();
        if let (Some(first), 1..) = (changes.first(), back) {
            writes.push(refund(&self.tables.accounts, first.engagement.account_id, back)?);
        }
        Ok(matches!(self.transact(writes).await?, Transacted::Done))
    }
}

/// What a change of a row adds to its batch's counts; nothing for an engagement that is no row.
pub(crate) fn tally_of(table: &str, change: &Change) -> Result<Option<TransactWriteItem>, StoreError> {
    let (Some(counting), Some(row)) = (change.counts, change.engagement.batch) else {
        return Ok(None);
    };
    let key = keys::tally(row.batch_id, row.place);
    let write = match counting {
        Counting::Ended => return counted(table, &key, &[change]).map(Some),
        Counting::HeldBack => {
            update(table, &key, "ADD held :places", None, Item::from([(":places".to_owned(), places(&row))]))
        }
        Counting::LetGoOn => {
            update(table, &key, "DELETE held :places", None, Item::from([(":places".to_owned(), places(&row))]))
        }
    };
    write.map(Some)
}

/// The counts of rows that end together, each item of a transaction being written once.
fn tallies_of(table: &str, changes: &[Change]) -> Result<Vec<TransactWriteItem>, StoreError> {
    let mut by_key: Vec<(Key, Vec<&Change>)> = Vec::new();
    for change in changes {
        let Some(row) = change.engagement.batch else { continue };
        let key = keys::tally(row.batch_id, row.place);
        match by_key.iter_mut().find(|(known, _)| *known == key) {
            Some((_, together)) => together.push(change),
            None => by_key.push((key, vec![change])),
        }
    }
    by_key.iter().map(|(key, together)| counted(table, key, together)).collect()
}

fn counted(table: &str, key: &Key, ended: &[&Change]) -> Result<TransactWriteItem, StoreError> {
    let in_state = |state: State| ended.iter().filter(|change| change.engagement.state == state).count();
    let withdrawn = ended
        .iter()
        .filter(|change| change.engagement.batch.is_some_and(|row| row.stage == RowStage::Withdrawn))
        .count();
    let values = [
        (":completed", in_state(State::Completed)),
        (":failed", in_state(State::Failed)),
        (":cancelled", in_state(State::Cancelled)),
        (":withdrawn", withdrawn),
    ];
    let values = values.into_iter().map(|(name, count)| (name.to_owned(), n(count))).collect();
    let expression = "ADD completed :completed, failed :failed, cancelled :cancelled, withdrawn :withdrawn";
    update(table, key, expression, None, values)
}

fn places(row: &BatchRow) -> AttributeValue {
    AttributeValue::Ns(vec![row.place.to_string()])
}
