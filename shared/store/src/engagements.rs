//! Engagements: accepted in one transaction, moved by one conditional write for each transition.

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem};
use hub_models::batch::RowStage;
use hub_models::engagement::{Change, Claim, Content, Engagement, State, Turn};
use hub_models::id::{AccountId, CallSid, EngagementId};
use hub_models::webhook::Delivery;

use crate::Store;
use crate::error::StoreError;
use crate::heard::Heard;
use crate::item::{Item, from_item, n, s, text, to_item};
use crate::keys;
use crate::marks::Mark;
use crate::tallies::tally_of;
use crate::transaction::{Refused, Transacted, put, update};

/// What became of an engagement that was to be accepted.
#[derive(Debug)]
pub enum Acceptance {
    /// It is written and paid for.
    Accepted,
    /// One with this id is there already.
    Existing(Box<Engagement>),
    /// The account has too few credits.
    TooFewCredits,
}

/// What became of a claim.
#[derive(Debug)]
pub enum Claiming {
    /// The engagement, now with this claim.
    Claimed(Box<Engagement>),
    /// The engagement as it stands; it could not be claimed.
    Refused(Box<Engagement>),
    /// There is none with this id.
    Unknown,
}

/// What became of a transition.
#[derive(Debug)]
pub enum Written {
    /// It is written.
    Yes,
    /// Another came first; this is where the engagement stands now.
    Conflict(Box<Engagement>),
}

/// An engagement with what was said in it.
#[derive(Clone, Debug)]
pub struct Story {
    /// The engagement.
    pub engagement: Engagement,
    /// What was said, in order.
    pub transcript: Vec<Turn>,
}

pub(crate) const NOT_THERE: &str = "attribute_not_exists(pk)";

/// A row that its batch has not let go cannot be claimed.
const CLAIMABLE: &str = "#state IN (:queued, :scheduled) AND attempt = :attempt \
     AND (attribute_not_exists(batch_stage) OR batch_stage <> :waiting)";

impl Store {
    /// Writes a new engagement with its content and debits its price, all or nothing. Its contact is remembered as engaged
    /// for so many days, for the batches that leave such contacts out; for 0 days not at all.
    ///
    /// # Errors
    /// When the tables cannot be written.
    pub async fn accept(
        &self,
        engagement: &Engagement,
        content: &Content,
        remembered_for_days: u32,
    ) -> Result<Acceptance, StoreError> {
        let table = &self.tables.engagements;
        let id = engagement.engagement_id;
        let mut writes = vec![
            put(table, engagement_item(engagement)?, Some(NOT_THERE), Item::new())?,
            put(table, to_item(&keys::content(id), content)?, None, Item::new())?,
        ];
        if engagement.price > 0 {
            writes.push(debit(&self.tables.accounts, engagement.account_id, engagement.price)?);
        }
        if let Some(mark) = Mark::of(engagement, remembered_for_days) {
            writes.push(mark.moving(table, engagement)?);
        }
        match self.transact(writes).await? {
            Transacted::Done => Ok(Acceptance::Accepted),
            Transacted::Refused(reasons) => match reasons.into_iter().next().flatten() {
                Some(Refused { found: Some(item) }) => {
                    let existing: Box<Engagement> = Box::new(from_item(item)?);
                    // The very same is there when the answer to the first try of this write was lost.
                    let own = *existing == *engagement;
                    Ok(if own { Acceptance::Accepted } else { Acceptance::Existing(existing) })
                }
                _ => Ok(Acceptance::TooFewCredits),
            },
        }
    }

    /// The engagement as it is now.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn engagement(&self, id: EngagementId) -> Result<Option<Engagement>, StoreError> {
        self.read(&self.tables.engagements, &keys::engagement(id)).await
    }

    /// What the engagement says.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn content(&self, id: EngagementId) -> Result<Option<Content>, StoreError> {
        self.read(&self.tables.engagements, &keys::content(id)).await
    }

    /// The engagement and its transcript, in one query.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn story(&self, id: EngagementId) -> Result<Option<Story>, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&self.tables.engagements)
            // META and TURN# lie side by side; content and deliveries sort before them and are not read.
            .key_condition_expression("pk = :pk AND sk >= :meta")
            .expression_attribute_values(":pk", s(keys::engagement_pk(id)))
            .expression_attribute_values(":meta", s(keys::META))
            .consistent_read(true);
        let mut items = query.into_paginator().items().send();
        let (mut engagement, mut transcript) = (None, Vec::new());
        while let Some(item) = items.next().await {
            let item = item?;
            if text(&item, "sk") == keys::META {
                engagement = Some(from_item(item)?);
            } else if text(&item, "sk").starts_with(keys::TURN) {
                transcript.push(from_item(item)?);
            }
        }
        Ok(engagement.map(|engagement| Story { engagement, transcript }))
    }

    /// The engagement that a carrier knows by this sid.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn engagement_of_sid(&self, sid: &CallSid) -> Result<Option<EngagementId>, StoreError> {
        if let Some(id) = sid.engagement_id() {
            return Ok(Some(id));
        }
        let query = self
            .client
            .query()
            .table_name(&self.tables.engagements)
            .index_name("by_call_sid")
            .key_condition_expression("call_sid = :sid")
            .expression_attribute_values(":sid", s(sid.to_string()))
            .limit(1);
        let item = query.send().await?.items.and_then(|mut items| items.pop());
        Ok(item.and_then(|item| text(&item, "pk").strip_prefix("ENG#")?.parse().ok()))
    }

    /// Claims one attempt of an engagement, without having read it: the one transition that is not decided first.
    ///
    /// A claim whose answer was lost is known again by its id.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn claim(&self, id: EngagementId, attempt: u32, claim: &Claim) -> Result<Claiming, StoreError> {
        let sent = self
            .client
            .update_item()
            .table_name(&self.tables.engagements)
            .set_key(Some(keys::engagement(id).attributes()))
            .update_expression("SET #state = :dispatching, claim = :claim, version = version + :one")
            .condition_expression(CLAIMABLE)
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":dispatching", s(State::Dispatching.as_str()))
            .expression_attribute_values(":queued", s(State::Queued.as_str()))
            .expression_attribute_values(":scheduled", s(State::Scheduled.as_str()))
            .expression_attribute_values(":claim", serde_dynamo::to_attribute_value(claim)?)
            .expression_attribute_values(":attempt", n(attempt))
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":waiting", s(RowStage::Waiting.as_str()))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match sent {
            Ok(output) => claimed(output.attributes.unwrap_or_default()),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => not_claimed(failed.item(), claim),
                _ => Err(error.into()),
            },
        }
    }

    /// Writes a transition over the version that it was decided on, together with what belongs to it: the refund,
    /// the deliveries that tell of it, what was said and what the engagement's batch counts.
    ///
    /// # Errors
    /// When the tables cannot be written.
    pub async fn write(
        &self,
        change: &Change,
        told: &[Delivery],
        said: &[Turn],
        heard: Option<&Heard>,
    ) -> Result<Written, StoreError> {
        let item = engagement_item(&change.engagement)?;
        let before = change.engagement.version - 1;
        if change.refund == 0 && change.counts.is_none() && told.is_empty() && said.is_empty() && heard.is_none() {
            return self.write_alone(item, before).await;
        }
        let mut writes = self.writes(change, item, before, told, said)?;
        if let Some(heard) = heard {
            let key = keys::heard(change.engagement.engagement_id, &heard.key);
            writes.push(put(&self.tables.engagements, to_item(&key, heard)?, None, Item::new())?);
        }
        match self.transact(writes).await? {
            Transacted::Done => Ok(Written::Yes),
            Transacted::Refused(reasons) => {
                conflict(reasons.into_iter().next().flatten().and_then(|reason| reason.found))
            }
        }
    }

    async fn write_alone(&self, item: Item, before: u64) -> Result<Written, StoreError> {
        let sent = self
            .client
            .put_item()
            .table_name(&self.tables.engagements)
            .set_item(Some(item))
            .condition_expression("version = :before")
            .expression_attribute_values(":before", n(before))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = sent else { return Ok(Written::Yes) };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(failed)) => conflict(failed.item().cloned()),
            _ => Err(error.into()),
        }
    }

    fn writes(
        &self,
        change: &Change,
        item: Item,
        before: u64,
        told: &[Delivery],
        said: &[Turn],
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let table = &self.tables.engagements;
        let engagement = &change.engagement;
        let values = Item::from([(":before".to_owned(), n(before))]);
        let mut writes = vec![put(table, item, Some("version = :before"), values)?];
        if change.refund > 0 {
            writes.push(refund(&self.tables.accounts, engagement.account_id, change.refund)?);
        }
        writes.extend(tally_of(table, change)?);
        for delivery in told {
            writes.push(put(table, Self::delivery_item(delivery)?, None, Item::new())?);
        }
        let entries = engagement.talk.as_ref().map_or(0, |talk| usize::try_from(talk.entries).unwrap_or(usize::MAX));
        for (number, turn) in (entries.saturating_sub(said.len())..).zip(said) {
            let key = keys::turn(engagement.engagement_id, turn.timestamp, number);
            writes.push(put(table, to_item(&key, turn)?, None, Item::new())?);
        }
        Ok(writes)
    }
}

pub(crate) fn debit(accounts: &str, account: AccountId, price: u64) -> Result<TransactWriteItem, StoreError> {
    let values = Item::from([(":price".to_owned(), n(price))]);
    let expression = "SET balance = balance - :price";
    update(accounts, &keys::account(account), expression, "balance >= :price", values)
}

pub(crate) fn refund(accounts: &str, account: AccountId, price: u64) -> Result<TransactWriteItem, StoreError> {
    let values = Item::from([(":price".to_owned(), n(price))]);
    let expression = "SET balance = balance + :price";
    update(accounts, &keys::account(account), expression, "attribute_exists(pk)", values)
}

/// The engagement as an item, with the attributes that its indexes are made of.
///
/// A row enters the list of its domain when its batch lets it go: ten thousand rows written at once would be more than
/// the day's one key takes, and rows of a batch that never comes about are in no list.
pub(crate) fn engagement_item(engagement: &Engagement) -> Result<Item, StoreError> {
    let id = engagement.engagement_id;
    let mut item = to_item(&keys::engagement(id), engagement)?;
    item.insert("kind".to_owned(), s("engagement"));
    if !engagement.waits_for_its_batch() {
        let day = keys::domain_day(&engagement.domain_name, &engagement.created_at.day());
        item.insert("domain_day".to_owned(), s(day));
    }
    if engagement.due_at.is_some() {
        item.insert("due_shard".to_owned(), s(keys::due_shard(id.bytes())));
    }
    Ok(item)
}

fn claimed(item: Item) -> Result<Claiming, StoreError> {
    Ok(Claiming::Claimed(Box::new(from_item(item)?)))
}

fn not_claimed(found: Option<&Item>, claim: &Claim) -> Result<Claiming, StoreError> {
    let Some(item) = found else {
        return Ok(Claiming::Unknown);
    };
    let engagement: Box<Engagement> = Box::new(from_item(item.clone())?);
    let own =
        engagement.state == State::Dispatching && engagement.claim.as_ref().is_some_and(|held| held.id == claim.id);
    Ok(if own { Claiming::Claimed(engagement) } else { Claiming::Refused(engagement) })
}

fn conflict(found: Option<Item>) -> Result<Written, StoreError> {
    let item = found.ok_or_else(|| StoreError::Unreadable("the engagement is gone".to_owned()))?;
    Ok(Written::Conflict(Box::new(from_item(item)?)))
}
