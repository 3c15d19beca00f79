//! Which engagement an agent is busy with (checklist C4).
//!
//! The slot is taken when a call is placed and never given back: it names its engagement, and once that has ended the
//! slot counts as free. So there is nothing that a crash could leave undone.

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;
use hub_models::contact::PhoneNumber;
use hub_models::domain::DomainName;
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

impl Store {
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
