//! Batches: committed in one transaction after their rows are written, and moved by conditional writes from then on.

use aws_sdk_dynamodb::types::TransactWriteItem;
use hub_models::batch::Batch;
use hub_models::domain::DomainName;
use hub_models::id::BatchId;
use hub_models::moment::Moment;
use hub_models::voice::Campaign;
use hub_models::webhook::Delivery;

use crate::Store;
use crate::engagements::{NOT_THERE, debit};
use crate::error::StoreError;
use crate::item::{Item, from_item, n, s, to_item};
use crate::keys;
use crate::listing::{Cursor, List, Page};
use crate::transaction::{Refused, Transacted, check, delete, put, update};

/// What became of a batch that was to be committed.
#[derive(Debug)]
pub enum Commitment {
    /// It is there, its rows are engagements, and they are paid for.
    Committed,
    /// One with this id is there already.
    Existing(Box<Batch>),
    /// The account has too few credits.
    TooFewCredits,
    /// It took so long that its draft counted as given up.
    GivenUp,
    /// The campaign that it is made of was opened again meanwhile.
    Reopened,
}

impl Store {
    /// Makes a batch of a draft whose rows are written, and debits their price, all or nothing. `retried` is the batch
    /// whose failed rows it has, which gets to know of it; `campaign` the one that it is made of, which must still be
    /// submitted as it was.
    ///
    /// # Errors
    /// When the tables cannot be written.
    pub async fn commit_batch(
        &self,
        batch: &Batch,
        retried: Option<&Batch>,
        campaign: Option<&Campaign>,
    ) -> Result<Commitment, StoreError> {
        let table = &self.tables.engagements;
        let not_given_up = Some("attribute_exists(pk) AND attribute_not_exists(given_up)");
        let mut writes = vec![
            put(table, batch_item(batch)?, Some(NOT_THERE), Item::new())?,
            delete(table, &keys::draft(batch.draft_id), not_given_up, Item::new())?,
        ];
        if let Some(retried) = retried {
            let values = Item::from([(":by".to_owned(), s(batch.batch_id.to_string())), (":one".to_owned(), n(1))]);
            let expression = "SET retried_as = :by, version = version + :one";
            writes.push(update(table, &keys::batch(retried.batch_id), expression, "attribute_exists(pk)", values)?);
        }
        if let Some(campaign) = campaign {
            writes.push(self.still_submitted(campaign)?);
        }
        if batch.price > 0 {
            writes.push(debit(&self.tables.accounts, batch.account_id, batch.price)?);
        }
        match self.transact(writes).await? {
            Transacted::Done => Ok(Commitment::Committed),
            Transacted::Refused(reasons) => not_committed(batch, campaign.is_some(), reasons),
        }
    }

    fn still_submitted(&self, campaign: &Campaign) -> Result<TransactWriteItem, StoreError> {
        let submitted_at = campaign.submitted_at.map(|at| at.to_string()).unwrap_or_default();
        let values = Item::from([(":then".to_owned(), s(submitted_at))]);
        check(&self.tables.engagements, &keys::campaign(campaign.id), "submitted_at = :then", values)
    }

    /// The batch as it is now.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn batch(&self, id: BatchId) -> Result<Option<Batch>, StoreError> {
        self.read(&self.tables.engagements, &keys::batch(id)).await
    }

    /// The batches of a domain, newest first. Days before `since`, when the domain was made, are not looked at.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn batches(
        &self,
        domain: &DomainName,
        since: Moment,
        cursor: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Batch>, StoreError> {
        let list = List { partition: |day: &str| keys::batches_day(domain, day), since, filter: None, limit };
        self.newest_first(&list, cursor, self.clock.now(), |_| true).await
    }

    /// Which of these batches are there.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn batches_with(&self, ids: Vec<BatchId>) -> Result<Vec<Batch>, StoreError> {
        let found = self.get_many(&self.tables.engagements, ids.into_iter().map(keys::batch).collect()).await?;
        found.into_values().map(from_item).collect()
    }

    /// Writes a changed batch over the one that it was made from, together with the delivery that tells of it; false
    /// where another change came first.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn save_batch(&self, batch: &Batch, told: Option<&Delivery>) -> Result<bool, StoreError> {
        let (item, before) = (batch_item(batch)?, batch.version - 1);
        let table = &self.tables.engagements;
        let Some(delivery) = told else {
            return self.write_over(table, item, before).await;
        };
        let values = Item::from([(":before".to_owned(), n(before))]);
        let writes = vec![
            put(table, item, Some("version = :before"), values)?,
            put(table, Self::delivery_item(delivery)?, None, Item::new())?,
        ];
        Ok(matches!(self.transact(writes).await?, Transacted::Done))
    }

    /// Moves the date on which the tick looks at a batch, if it still is `seen`.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn put_off_batch(&self, id: BatchId, seen: Moment, later: Moment) -> Result<Option<Batch>, StoreError> {
        self.put_off(&keys::batch(id), seen, later).await?.map(from_item).transpose()
    }
}

/// The batch as an item, with the attributes that its indexes are made of.
fn batch_item(batch: &Batch) -> Result<Item, StoreError> {
    let mut item = to_item(&keys::batch(batch.batch_id), batch)?;
    item.insert("kind".to_owned(), s("batch"));
    let day = keys::batches_day(&batch.domain_name, &batch.created_at.day());
    item.insert("domain_day".to_owned(), s(day));
    if batch.due_at.is_some() {
        item.insert("due_shard".to_owned(), s(keys::due_shard(batch.batch_id.bytes())));
    }
    Ok(item)
}

fn not_committed(batch: &Batch, of_campaign: bool, reasons: Vec<Option<Refused>>) -> Result<Commitment, StoreError> {
    let mut reasons = reasons.into_iter();
    let (existing, draft) = (reasons.next().flatten(), reasons.next().flatten());
    let reopened = of_campaign && reasons.next().flatten().is_some();
    match (existing.map(|reason| reason.found), draft) {
        (Some(Some(item)), _) => {
            let existing: Box<Batch> = Box::new(from_item(item)?);
            // The very same is there when the answer to the first try of this write was lost.
            let own = existing.draft_id == batch.draft_id;
            Ok(if own { Commitment::Committed } else { Commitment::Existing(existing) })
        }
        (_, Some(_)) => Ok(Commitment::GivenUp),
        (_, None) if reopened => Ok(Commitment::Reopened),
        (_, None) => Ok(Commitment::TooFewCredits),
    }
}
