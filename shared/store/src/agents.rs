//! Which engagement an agent is busy with (checklist C4).
//!
//! The slot is taken when a call is placed and never given back: it names its engagement, and once that has ended the
//! slot counts as free. So there is nothing that a crash could leave undone.

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;
use hub_models::contact::PhoneNumber;
use hub_models::domain::DomainName;
use hub_models::engagement::Engagement;
use hub_models::id::EngagementId;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::error::StoreError;
use crate::item::{from_item, s, to_item};
use crate::keys;

/// Whether an agent could be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgentSlot {
    /// The engagement has the agent.
    Taken,
    /// Another engagement has.
    HeldBy(EngagementId),
}

#[derive(Serialize, Deserialize)]
struct Slot {
    engagement_id: EngagementId,
    expires_at: i64,
}

/// Long after the longest call, the table forgets a slot.
const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// That an engagement waits for an agent.
#[derive(Serialize, Deserialize)]
struct Waiting {
    engagement_id: EngagementId,
    expires_at: i64,
}

/// How many of those that wait are looked at: some of them may have been cancelled meanwhile.
const SOME_WAITING: i32 = 10;

impl Store {
    /// Notes that an engagement waits for its agent, so that it can be brought forward once the agent is free.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn wait_for_agent(&self, engagement: &Engagement, agent: &PhoneNumber) -> Result<(), StoreError> {
        let (id, since) = (engagement.engagement_id, engagement.created_at);
        let expires_at = (self.clock.now() + FORGOTTEN_AFTER).as_second();
        let key = keys::waiting(&engagement.domain_name, agent, since, id);
        let item = to_item(&key, &Waiting { engagement_id: id, expires_at })?;
        self.client.put_item().table_name(&self.tables.engagements).set_item(Some(item)).send().await?;
        Ok(())
    }

    /// The engagements that wait for an agent, the first accepted first; a few of them.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn waiting_for_agent(
        &self,
        domain: &DomainName,
        agent: &PhoneNumber,
    ) -> Result<Vec<EngagementId>, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&self.tables.engagements)
            .key_condition_expression("pk = :pk AND begins_with(sk, :waiting)")
            .expression_attribute_values(":pk", s(keys::agent(domain, agent).pk))
            .expression_attribute_values(":waiting", s(keys::WAITING))
            .consistent_read(true)
            .limit(SOME_WAITING);
        let items = query.send().await?.items.unwrap_or_default();
        items.into_iter().map(|item| Ok(from_item::<Waiting>(item)?.engagement_id)).collect()
    }

    /// Forgets that an engagement waits for its agent.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn waits_no_longer(&self, engagement: &Engagement, agent: &PhoneNumber) -> Result<(), StoreError> {
        let (id, since) = (engagement.engagement_id, engagement.created_at);
        let key = keys::waiting(&engagement.domain_name, agent, since, id);
        let delete = self.client.delete_item().table_name(&self.tables.engagements);
        delete.set_key(Some(key.attributes())).send().await?;
        Ok(())
    }

    /// Takes an agent for an engagement, also out of the hands of `from`, which has ended.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn take_agent(
        &self,
        domain: &DomainName,
        agent: &PhoneNumber,
        engagement: EngagementId,
        from: Option<EngagementId>,
    ) -> Result<AgentSlot, StoreError> {
        let expires_at = (self.clock.now() + FORGOTTEN_AFTER).as_second();
        let item = to_item(&keys::agent(domain, agent), &Slot { engagement_id: engagement, expires_at })?;
        let sent = self
            .client
            .put_item()
            .table_name(&self.tables.engagements)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk) OR engagement_id = :own OR engagement_id = :from")
            .expression_attribute_values(":own", s(engagement.to_string()))
            .expression_attribute_values(":from", s(from.unwrap_or(engagement).to_string()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = sent else { return Ok(AgentSlot::Taken) };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(failed)) => {
                let slot: Slot = from_item(failed.item().cloned().unwrap_or_default())?;
                Ok(AgentSlot::HeldBy(slot.engagement_id))
            }
            _ => Err(error.into()),
        }
    }
}
