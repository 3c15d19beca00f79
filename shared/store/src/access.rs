//! How one item is read, and written on a condition.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

use crate::Store;
use crate::error::StoreError;
use crate::item::{Item, from_item, n, s};
use crate::keys::Key;

/// What a conditional write answered; nothing where its condition did not hold.
pub(crate) fn if_condition_held<T, E>(sent: Result<T, SdkError<E>>) -> Result<Option<T>, StoreError>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    match sent {
        Ok(output) => Ok(Some(output)),
        Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(None),
        Err(error) => Err(error.into()),
    }
}

impl Store {
    /// One item, read so that every earlier write is seen.
    pub(crate) async fn read<T: serde::de::DeserializeOwned>(
        &self,
        table: &str,
        key: &Key,
    ) -> Result<Option<T>, StoreError> {
        let get = self.client.get_item().table_name(table).set_key(Some(key.attributes())).consistent_read(true);
        get.send().await?.item.map(from_item).transpose()
    }

    /// Whether an item is there.
    pub(crate) async fn is_there(&self, table: &str, key: &Key) -> Result<bool, StoreError> {
        let get = self.client.get_item().table_name(table).set_key(Some(key.attributes())).projection_expression("pk");
        Ok(get.send().await?.item.is_some())
    }

    /// All items of a partition whose sort key begins so, in its order.
    pub(crate) async fn read_all<T: serde::de::DeserializeOwned>(
        &self,
        table: &str,
        pk: &str,
        prefix: &str,
    ) -> Result<Vec<T>, StoreError> {
        let query = self
            .client
            .query()
            .table_name(table)
            .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
            .expression_attribute_values(":pk", s(pk))
            .expression_attribute_values(":prefix", s(prefix))
            .consistent_read(true);
        let mut pages = query.into_paginator().items().send();
        let mut values = Vec::new();
        while let Some(item) = pages.next().await {
            values.push(from_item(item?)?);
        }
        Ok(values)
    }

    /// A value that counts its versions, written over the one before it; false where another was faster.
    pub(crate) async fn write_over(&self, table: &str, item: Item, version_before: u64) -> Result<bool, StoreError> {
        let sent = self
            .client
            .put_item()
            .table_name(table)
            .set_item(Some(item))
            .condition_expression("version = :before")
            .expression_attribute_values(":before", n(version_before))
            .send()
            .await;
        Ok(if_condition_held(sent)?.is_some())
    }
}
