//! Batches in the making: noted before their first row is written, so that what is given up can be cleared away.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use hub_models::domain::DomainName;
use hub_models::id::DraftId;
use hub_models::moment::Moment;
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::access::if_condition_held;
use crate::error::StoreError;
use crate::item::{from_item, s, to_item};
use crate::keys::{self, Key};
use crate::rows::skipped_parts;

/// A batch in the making. It says what there is to clear away where the batch never comes about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Its identifier, from which the rows' are made.
    pub draft_id: DraftId,
    /// The tenant.
    pub domain_name: DomainName,
    /// Rows may have been written at the places before this one.
    pub places: u32,
    /// How many rows may have been noted as skipped.
    pub skipped: u32,
    /// When it counts as given up.
    pub due_at: Moment,
}

impl Store {
    /// Notes a batch in the making, before its first row is written.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn begin_draft(&self, draft: &Draft) -> Result<(), StoreError> {
        let mut item = to_item(&keys::draft(draft.draft_id), draft)?;
        item.insert("kind".to_owned(), s("draft"));
        item.insert("due_shard".to_owned(), s(keys::due_shard(draft.draft_id.bytes())));
        self.client.put_item().table_name(&self.tables.engagements).set_item(Some(item)).send().await?;
        Ok(())
    }

    /// Moves the date on which the tick looks at a draft, if it still is `seen`.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn put_off_draft(&self, id: DraftId, seen: Moment, later: Moment) -> Result<Option<Draft>, StoreError> {
        self.put_off(&keys::draft(id), seen, later).await?.map(from_item).transpose()
    }

    /// Gives a draft up, unless it has become a batch: from now on it cannot. Gives what is to be cleared away.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn give_up_draft(&self, id: DraftId) -> Result<Option<Draft>, StoreError> {
        let sent = self
            .client
            .update_item()
            .table_name(&self.tables.engagements)
            .set_key(Some(keys::draft(id).attributes()))
            .update_expression("SET given_up = :yes")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":yes", AttributeValue::Bool(true))
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        if_condition_held(sent)?.and_then(|output| output.attributes).map(from_item).transpose()
    }

    /// Deletes all that was written of a draft that was given up, and the draft last.
    ///
    /// # Errors
    /// When the table cannot be written; the draft is still there then.
    pub async fn clear_draft(&self, draft: &Draft) -> Result<(), StoreError> {
        let ids = (0..draft.places).map(|place| draft.draft_id.row(place));
        let mut gone: Vec<Key> = ids.flat_map(|id| [keys::engagement(id), keys::content(id)]).collect();
        gone.extend((0..skipped_parts(draft.skipped)).map(|part| keys::skipped(draft.draft_id, part)));
        self.delete_many(gone).await?;
        self.forget_draft(draft.draft_id).await
    }

    /// Deletes a draft of which nothing was written.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn forget_draft(&self, id: DraftId) -> Result<(), StoreError> {
        let key = keys::draft(id).attributes();
        self.client.delete_item().table_name(&self.tables.engagements).set_key(Some(key)).send().await?;
        Ok(())
    }
}
