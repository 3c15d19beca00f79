//! The order in which everything that sends takes its turn: one item a line says when the next one may be sent.
//!
//! Turns lie evenly apart, so that no second ever has more of them than the mail service or a carrier takes, whoever sends.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};
use hub_models::channel::Channel;
use hub_models::contact::PhoneNumber;

use crate::Store;
use crate::error::StoreError;
use crate::item::{Item, n};
use crate::keys::{self, Key};

/// Where something waits for its turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendingLine<'a> {
    /// All emails of the hub.
    Emails,
    /// What is sent over this channel from this number, whichever domains use it.
    Sender {
        /// The channel.
        channel: Channel,
        /// The number.
        number: &'a PhoneNumber,
    },
}

/// Turns that are to be taken. Times are microseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TurnsWanted {
    /// The time now.
    pub now: i64,
    /// How long all of them take.
    pub span: i64,
    /// How far ahead the first of them may lie.
    pub horizon: i64,
    /// Whether nobody seems to be waiting, in which case one write is enough.
    pub quiet: bool,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turns {
    /// They are taken; the first is at this time.
    From(i64),
    /// Too many are waiting: until this time, all are taken.
    TakenUntil(i64),
}

/// How often it is tried while others are faster.
const MOST_TRIES: usize = 8;

impl Store {
    /// Takes the next turns in a line.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn take_turns(&self, line: SendingLine<'_>, wanted: TurnsWanted) -> Result<Turns, StoreError> {
        let (mut quiet, line) = (wanted.quiet, keys::sending_line(line));
        for _ in 0..MOST_TRIES {
            let taken =
                if quiet { self.begin_line(&line, wanted).await? } else { self.join_line(&line, wanted).await? };
            match taken {
                Ok(start) => return Ok(Turns::From(start)),
                Err(next) if next > wanted.now + wanted.horizon => return Ok(Turns::TakenUntil(next)),
                Err(next) => quiet = next <= wanted.now,
            }
        }
        Ok(Turns::TakenUntil(wanted.now + wanted.horizon))
    }

    /// The first turn is now, unless someone is waiting: then it says until when turns are taken.
    async fn begin_line(&self, line: &Key, wanted: TurnsWanted) -> Result<Result<i64, i64>, StoreError> {
        let values = [(":now", wanted.now), (":next", wanted.now + wanted.span)];
        let condition = "attribute_not_exists(next_turn) OR next_turn <= :now";
        let written = self.move_line(line, "SET next_turn = :next", condition, &values).await?;
        Ok(written.map(|next| next - wanted.span))
    }

    /// The first turn is after those of all who are waiting, unless there is nobody, or there are too many.
    async fn join_line(&self, line: &Key, wanted: TurnsWanted) -> Result<Result<i64, i64>, StoreError> {
        let values = [(":now", wanted.now), (":last", wanted.now + wanted.horizon), (":span", wanted.span)];
        let condition = "next_turn > :now AND next_turn <= :last";
        let written = self.move_line(line, "ADD next_turn :span", condition, &values).await?;
        Ok(written.map(|next| next - wanted.span))
    }

    /// When the next turn is: after the write, or as it stands where the condition does not hold.
    async fn move_line(
        &self,
        line: &Key,
        expression: &str,
        condition: &str,
        values: &[(&str, i64)],
    ) -> Result<Result<i64, i64>, StoreError> {
        let values: Item = values.iter().map(|(name, value)| ((*name).to_owned(), n(*value))).collect();
        let sent = self
            .client
            .update_item()
            .table_name(&self.tables.engagements)
            .set_key(Some(line.attributes()))
            .update_expression(expression)
            .condition_expression(condition)
            .set_expression_attribute_values(Some(values))
            .return_values(ReturnValue::UpdatedNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match sent {
            Ok(output) => Ok(Ok(next_turn(output.attributes.as_ref()))),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(refused)) => Ok(Err(next_turn(refused.item()))),
                _ => Err(error.into()),
            },
        }
    }
}

fn next_turn(item: Option<&Item>) -> i64 {
    let value = item.and_then(|item| item.get("next_turn")).and_then(|value| value.as_n().ok());
    value.and_then(|number| number.parse().ok()).unwrap_or(0)
}
