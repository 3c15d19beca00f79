//! Whose conversation the messages of a contact belong to: one item for each contact and channel of a domain.
//!
//! It names the newest engagement and some before it, for when the newest never left or has ended. It is written before
//! that is sent, so that no reply can be faster.

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};
use hub_models::channel::Channel;
use hub_models::contact::Contact;
use hub_models::domain::DomainName;
use hub_models::engagement::Engagement;
use hub_models::id::EngagementId;
use hub_models::moment::Moment;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Store;
use crate::access::if_condition_held;
use crate::engagements::NOT_THERE;
use crate::error::StoreError;
use crate::item::{from_item, n, s, to_item};
use crate::keys;

/// Whom a contact and a domain talk about by message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// The newest engagement.
    #[serde(default)]
    engagement_id: Option<EngagementId>,
    #[serde(default)]
    previous: Option<EngagementId>,
    #[serde(default)]
    previous_2: Option<EngagementId>,
    #[serde(default)]
    previous_3: Option<EngagementId>,
    #[serde(default)]
    previous_4: Option<EngagementId>,
    /// When the contact last wrote, where that is kept.
    #[serde(default)]
    pub heard_at: Option<Moment>,
}

impl Pair {
    /// The engagements that a message may belong to, the newest first. The first of a contact may be named again.
    pub fn engagements(&self) -> impl Iterator<Item = EngagementId> + use<> {
        let Self { engagement_id, previous, previous_2, previous_3, previous_4, .. } = *self;
        [engagement_id, previous, previous_2, previous_3, previous_4].into_iter().flatten()
    }
}

/// Each moves on by a place, in one write: what stands on the right is what was there before it.
const MOVE: &str = "SET previous_4 = if_not_exists(previous_3, :id), previous_3 = if_not_exists(previous_2, :id), \
     previous_2 = if_not_exists(previous, :id), previous = if_not_exists(engagement_id, :id), engagement_id = :id, \
     expires_at = :expires_at";

/// That a message was answered, and by whom.
#[derive(Serialize, Deserialize)]
struct Answered {
    #[serde(default)]
    by: String,
    expires_at: i64,
}

/// Long after the longest silence, the table forgets a pair.
const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Longer than a carrier brings a message again.
const DELIVERED_AGAIN_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

impl Store {
    /// Has the messages of an engagement's contact lead to it, which is about to be sent. One that was accepted long ago
    /// for now is newer to the contact than whatever it was sent before.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn pair_with(&self, engagement: &Engagement) -> Result<(), StoreError> {
        let key = keys::pair(&engagement.domain_name, engagement.channel, &engagement.contact);
        let expires_at = (self.clock.now() + FORGOTTEN_AFTER).as_second();
        let sent = self
            .client
            .update_item()
            .table_name(&self.tables.engagements)
            .set_key(Some(key.attributes()))
            .update_expression(MOVE)
            .condition_expression("attribute_not_exists(engagement_id) OR engagement_id <> :id")
            .expression_attribute_values(":id", s(engagement.engagement_id.to_string()))
            .expression_attribute_values(":expires_at", n(expires_at))
            .send()
            .await;
        if_condition_held(sent)?;
        Ok(())
    }

    /// Whom the messages of a contact belong to.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn pair(&self, domain: &DomainName, channel: Channel, contact: &Contact) -> Result<Pair, StoreError> {
        let found = self.read(&self.tables.engagements, &keys::pair(domain, channel, contact)).await?;
        Ok(found.unwrap_or_default())
    }

    /// The same, where the contact has written just now and that is to be known later.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn heard_from(
        &self,
        domain: &DomainName,
        channel: Channel,
        contact: &Contact,
    ) -> Result<Pair, StoreError> {
        let now = self.clock.now();
        let update = self
            .client
            .update_item()
            .table_name(&self.tables.engagements)
            .set_key(Some(keys::pair(domain, channel, contact).attributes()))
            .update_expression("SET heard_at = :now, expires_at = :expires_at")
            .expression_attribute_values(":now", s(now.to_string()))
            .expression_attribute_values(":expires_at", n((now + FORGOTTEN_AFTER).as_second()))
            .return_values(ReturnValue::AllNew);
        from_item(update.send().await?.attributes.unwrap_or_default())
    }

    /// Whether this is the first time that a message, which belongs to no conversation, is to be answered.
    ///
    /// It is still the first when it is made again since its answer was lost.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn answers_first(
        &self,
        domain: &DomainName,
        channel: Channel,
        message_id: &str,
    ) -> Result<bool, StoreError> {
        let by = Uuid::now_v7().to_string();
        let expires_at = (self.clock.now() + DELIVERED_AGAIN_FOR).as_second();
        let answered = Answered { by: by.clone(), expires_at };
        let item = to_item(&keys::answered(domain, channel, message_id), &answered)?;
        let sent = self
            .client
            .put_item()
            .table_name(&self.tables.engagements)
            .set_item(Some(item))
            .condition_expression(NOT_THERE)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = sent else { return Ok(true) };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(failed)) => {
                let first: Option<Answered> = failed.item().cloned().map(from_item).transpose()?;
                Ok(first.is_some_and(|first| first.by == by))
            }
            _ => Err(error.into()),
        }
    }
}
