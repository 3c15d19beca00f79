//! Many items in few calls, as many of them at once as help.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::types::{DeleteRequest, KeysAndAttributes, PutRequest, WriteRequest};
use futures::TryStreamExt;
use futures::stream::{self, StreamExt};

use crate::Store;
use crate::error::StoreError;
use crate::item::{Item, text};
use crate::keys::Key;

/// How many items DynamoDB writes for one call.
const WRITTEN_AT_ONCE: usize = 25;

/// How many items DynamoDB reads for one call.
const READ_AT_ONCE: usize = 100;

/// How many calls are on their way at once: all of a thousand rows, so that they wait for one round trip.
const SIDE_BY_SIDE: usize = 48;

/// How often what DynamoDB had no room for is tried again, over some six seconds: a table that was quiet takes four
/// thousand writes a second at first, and ten thousand rows are more.
const MOST_TRIES: u32 = 14;

/// How fresh what is read must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// With all that was written before.
    Now,
    /// As it was a moment ago at the oldest, for half the price.
    Lately,
}

impl Store {
    /// Puts items of the engagements' table, whatever was there before, in no order. Where this breaks off, some are
    /// written and some are not.
    pub(crate) async fn put_many(&self, items: Vec<Item>) -> Result<(), StoreError> {
        self.write_many(items.into_iter().map(put).collect::<Result<_, _>>()?).await
    }

    /// Deletes items of the engagements' table, if they are there.
    pub(crate) async fn delete_many(&self, keys: Vec<Key>) -> Result<(), StoreError> {
        self.write_many(keys.iter().map(delete).collect::<Result<_, _>>()?).await
    }

    async fn write_many(&self, requests: Vec<WriteRequest>) -> Result<(), StoreError> {
        let mut left = requests.into_iter();
        let next = || Some(left.by_ref().take(WRITTEN_AT_ONCE).collect::<Vec<_>>()).filter(|chunk| !chunk.is_empty());
        let calls: Vec<_> = std::iter::from_fn(next).map(|chunk| self.write_chunk(chunk)).collect();
        stream::iter(calls).buffer_unordered(SIDE_BY_SIDE).try_collect().await
    }

    async fn write_chunk(&self, chunk: Vec<WriteRequest>) -> Result<(), StoreError> {
        let mut left = chunk;
        for tried in 0..MOST_TRIES {
            pause_before(tried).await;
            let write = self.client.batch_write_item().request_items(&self.tables.engagements, left.clone());
            let Some(answer) = unless_throttled(write.send().await)? else { continue };
            left = answer.unprocessed_items.unwrap_or_default().into_values().flatten().collect();
            if left.is_empty() {
                return Ok(());
            }
        }
        Err(no_room())
    }

    /// The items with these keys that are there, as they are now, in no order.
    pub(crate) async fn get_many(&self, table: &str, keys: Vec<Key>) -> Result<HashMap<Key, Item>, StoreError> {
        self.get_many_as(Reading::Now, table, keys).await
    }

    /// The same, as they are now or were a moment ago.
    pub(crate) async fn get_many_as(
        &self,
        reading: Reading,
        table: &str,
        keys: Vec<Key>,
    ) -> Result<HashMap<Key, Item>, StoreError> {
        let attributes = |chunk: &[Key]| chunk.iter().map(Key::attributes).collect();
        let chunks = keys.chunks(READ_AT_ONCE);
        let calls: Vec<_> = chunks.map(|chunk| self.get_chunk(reading, table, attributes(chunk))).collect();
        let found: Vec<Vec<Item>> = stream::iter(calls).buffer_unordered(SIDE_BY_SIDE).try_collect().await?;
        Ok(found.into_iter().flatten().map(|item| (key_of(&item), item)).collect())
    }

    async fn get_chunk(&self, reading: Reading, table: &str, chunk: Vec<Item>) -> Result<Vec<Item>, StoreError> {
        let (mut found, mut wanted) = (Vec::with_capacity(chunk.len()), chunk);
        for tried in 0..MOST_TRIES {
            pause_before(tried).await;
            let keys = KeysAndAttributes::builder().set_keys(Some(wanted.clone()));
            let keys = keys.consistent_read(reading == Reading::Now).build()?;
            let get = self.client.batch_get_item().request_items(table, keys);
            let Some(answer) = unless_throttled(get.send().await)? else { continue };
            found.extend(answer.responses.unwrap_or_default().into_values().flatten());
            let left = answer.unprocessed_keys.unwrap_or_default().into_values().next();
            wanted = left.map(|keys| keys.keys).unwrap_or_default();
            if wanted.is_empty() {
                return Ok(found);
            }
        }
        Err(no_room())
    }
}

/// The answer; none where there was no room for any part of the batch.
fn unless_throttled<T, E>(sent: Result<T, E>) -> Result<Option<T>, StoreError>
where
    StoreError: From<E>,
{
    match sent.map_err(StoreError::from) {
        Ok(answer) => Ok(Some(answer)),
        Err(StoreError::Throttled(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn put(item: Item) -> Result<WriteRequest, StoreError> {
    let put = PutRequest::builder().set_item(Some(item)).build()?;
    Ok(WriteRequest::builder().put_request(put).build())
}

fn delete(key: &Key) -> Result<WriteRequest, StoreError> {
    let delete = DeleteRequest::builder().set_key(Some(key.attributes())).build()?;
    Ok(WriteRequest::builder().delete_request(delete).build())
}

pub(crate) fn key_of(item: &Item) -> Key {
    Key { pk: text(item, "pk").to_owned(), sk: text(item, "sk").to_owned() }
}

/// None before the first try, then up to 20 ms, 40 ms … 1.3 s, all of it at random.
async fn pause_before(tried: u32) {
    if tried > 0 {
        tokio::time::sleep(Duration::from_millis(10 << tried.min(7)).mul_f64(rand::random())).await;
    }
}

fn no_room() -> StoreError {
    StoreError::Throttled("parts of a batch were left undone too often".to_owned())
}
