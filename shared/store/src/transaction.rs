//! Several writes as one, tried again while others are in their way.

use std::time::Duration;

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    CancellationReason, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};

use crate::Store;
use crate::error::StoreError;
use crate::item::Item;
use crate::keys::Key;

/// How often a transaction is tried against others that write the same item.
const MOST_TRIES: u32 = 12;

/// What became of a transaction.
pub(crate) enum Transacted {
    /// All of it was written.
    Done,
    /// Nothing was written: these conditions did not hold, in the order of the writes.
    Refused(Vec<Option<Refused>>),
}

/// A write whose condition did not hold, and what was there instead.
pub(crate) struct Refused {
    pub(crate) found: Option<Item>,
}

impl Store {
    pub(crate) async fn transact(&self, writes: Vec<TransactWriteItem>) -> Result<Transacted, StoreError> {
        for attempt in 1..=MOST_TRIES {
            let sent = self.client.transact_write_items().set_transact_items(Some(writes.clone())).send().await;
            let Err(error) = sent else { return Ok(Transacted::Done) };
            let reasons = match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                    cancelled.cancellation_reasons()
                }
                _ => return Err(error.into()),
            };
            if has(reasons, "ConditionalCheckFailed") {
                return Ok(Transacted::Refused(reasons.iter().map(refused).collect()));
            }
            let passing = ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];
            if !passing.iter().any(|code| has(reasons, code)) {
                return Err(error.into());
            }
            tokio::time::sleep(pause(attempt)).await;
        }
        Err(StoreError::Throttled("other transactions held the same items for too long".to_owned()))
    }
}

fn has(reasons: &[CancellationReason], code: &str) -> bool {
    reasons.iter().any(|reason| reason.code() == Some(code))
}

fn refused(reason: &CancellationReason) -> Option<Refused> {
    (reason.code() == Some("ConditionalCheckFailed")).then(|| Refused { found: reason.item().cloned() })
}

/// Up to 10 ms, 20 ms … 640 ms: all of it at random, so that those who met do not meet again.
fn pause(attempt: u32) -> Duration {
    Duration::from_millis(10 << attempt.min(6)).mul_f64(rand::random())
}

/// A put in a transaction that happens only where `condition` holds.
pub(crate) fn put(
    table: &str,
    item: Item,
    condition: Option<&str>,
    values: Item,
) -> Result<TransactWriteItem, StoreError> {
    let put = Put::builder()
        .table_name(table)
        .set_item(Some(item))
        .set_condition_expression(condition.map(str::to_owned))
        .set_expression_attribute_values((!values.is_empty()).then_some(values))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .build()?;
    Ok(TransactWriteItem::builder().put(put).build())
}

/// An update in a transaction.
pub(crate) fn update<'a>(
    table: &str,
    key: &Key,
    expression: &str,
    condition: impl Into<Option<&'a str>>,
    values: Item,
) -> Result<TransactWriteItem, StoreError> {
    let update = Update::builder()
        .table_name(table)
        .set_key(Some(key.attributes()))
        .update_expression(expression)
        .set_condition_expression(condition.into().map(str::to_owned))
        .set_expression_attribute_values(Some(values))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .build()?;
    Ok(TransactWriteItem::builder().update(update).build())
}

/// A deletion in a transaction that happens only where `condition` holds.
pub(crate) fn delete(
    table: &str,
    key: &Key,
    condition: Option<&str>,
    values: Item,
) -> Result<TransactWriteItem, StoreError> {
    let delete = Delete::builder()
        .table_name(table)
        .set_key(Some(key.attributes()))
        .set_condition_expression(condition.map(str::to_owned))
        .set_expression_attribute_values((!values.is_empty()).then_some(values))
        .build()?;
    Ok(TransactWriteItem::builder().delete(delete).build())
}

/// An item that is not written must be there.
pub(crate) fn exists(table: &str, key: &Key) -> Result<TransactWriteItem, StoreError> {
    check(table, key, "attribute_exists(pk)", Item::new())
}

/// A condition on an item that is not written.
pub(crate) fn check(table: &str, key: &Key, condition: &str, values: Item) -> Result<TransactWriteItem, StoreError> {
    let check = ConditionCheck::builder()
        .table_name(table)
        .set_key(Some(key.attributes()))
        .condition_expression(condition)
        .set_expression_attribute_values((!values.is_empty()).then_some(values))
        .build()?;
    Ok(TransactWriteItem::builder().condition_check(check).build())
}
