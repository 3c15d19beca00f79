//! Telling a domain's webhook, until it has taken it (checklist G).

use hub_models::domain::{Domain, DomainName};
use hub_models::engagement::{Engagement, State};
use hub_models::id::{AccountId, DeliveryId, EngagementId};
use hub_models::webhook::{Delivery, DeliveryStatus, Try, WebhookEndpoint};
use hub_store::{Saved, StoreError, Story};
use serde::{Deserialize, Serialize};

use crate::Hub;
use crate::report::{DeliveryType, Report};
use crate::transition::enqueue_delivery;

/// A message of the webhook queue: which try of which delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryJob {
    /// The delivery.
    pub delivery_id: DeliveryId,
    /// The try that the message is for.
    pub attempt: u32,
}

/// Makes one try of a delivery. The next one is in the table before this one is made.
///
/// # Errors
/// When a table cannot be used. The message must then come again.
pub async fn deliver(hub: &Hub, job: DeliveryJob) -> Result<(), StoreError> {
    let Some(delivery) = hub.store.delivery(job.delivery_id).await? else {
        return Ok(());
    };
    if delivery.status != DeliveryStatus::Pending || delivery.attempt != job.attempt {
        return Ok(());
    }
    let claimed = delivery.clone().claimed(hub.clock.now());
    if !hub.store.save_delivery(&claimed, &delivery).await? {
        return Ok(());
    }
    let (outcome, endpoint) = attempt(hub, &claimed).await?;
    let gone = outcome.status_code == Some(410);
    metrics::counter!("WebhookTries", "Delivered" => if outcome.error.is_none() { "yes" } else { "no" }).increment(1);
    let tried = claimed.clone().tried(outcome, hub.clock.now());
    hub.store.save_delivery(&tried, &claimed).await?;
    if let (true, Some(endpoint)) = (gone, endpoint) {
        disable(hub, &claimed.domain_name, &endpoint).await?;
    }
    try_later(hub, &tried).await;
    Ok(())
}

/// The queue brings the next try where it is soon; the tick does where it is late.
async fn try_later(hub: &Hub, delivery: &Delivery) {
    let Some(due_at) = delivery.due_at else { return };
    let now = hub.clock.now();
    if let Some(delay) = hub.settings.pace.plan(due_at, now).delay {
        enqueue_delivery(hub, delivery, delay).await;
    }
}

async fn attempt(hub: &Hub, delivery: &Delivery) -> Result<(Try, Option<WebhookEndpoint>), StoreError> {
    let now = hub.clock.now();
    let not_made = |why: &str| Try { at: now, status_code: None, error: Some(why.to_owned()), duration_ms: 0 };
    let domain = hub.store.domain_cached(&delivery.domain_name).await?;
    let endpoint = domain.and_then(|domain| domain.webhook.clone()).filter(|endpoint| endpoint.disabled_at.is_none());
    let Some(endpoint) = endpoint else {
        return Ok((not_made("The domain has no webhook any more, or it is disabled."), None));
    };
    let Some(story) = hub.store.story(delivery.delivery_id.engagement_id()).await? else {
        return Ok((not_made("The engagement is gone."), Some(endpoint)));
    };
    let report = Report::new(story, DeliveryType::Push, now);
    let body = serde_json::to_vec(&report).map_err(|error| StoreError::Unreadable(error.to_string()))?;
    let outcome = hub.webhooks.post(&endpoint, &delivery.delivery_id, now, body).await;
    Ok((outcome, Some(endpoint)))
}

/// An endpoint that says 410 Gone is not called again until it is set anew.
async fn disable(hub: &Hub, name: &DomainName, gone: &WebhookEndpoint) -> Result<(), StoreError> {
    loop {
        let Some(domain) = hub.store.domain(name).await? else {
            return Ok(());
        };
        if domain.webhook.as_ref() != Some(gone) {
            return Ok(());
        }
        let webhook = Some(WebhookEndpoint { disabled_at: Some(hub.clock.now()), ..gone.clone() });
        if hub.store.save_domain(&Domain { webhook, ..domain }).await? == Saved::Yes {
            tracing::warn!(domain_name = %name, "webhook disabled: the endpoint answered 410 Gone");
            return Ok(());
        }
    }
}

/// Starts a delivery again from its first try; none where it is not the account's.
///
/// # Errors
/// When a table cannot be used.
pub async fn redeliver(hub: &Hub, account: AccountId, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
    loop {
        let found = hub.store.delivery(id).await?.filter(|delivery| delivery.account_id == account);
        let Some(delivery) = found else { return Ok(None) };
        let again = delivery.clone().again(hub.clock.now() + hub.settings.pace.fast_path);
        if hub.store.save_delivery(&again, &delivery).await? {
            enqueue_delivery(hub, &again, jiff::SignedDuration::ZERO).await;
            return Ok(Some(again));
        }
    }
}

/// Calls a domain's webhook with an example, so that its owner sees whether it works. Nothing is kept of it.
///
/// # Errors
/// When the example cannot be written, which is a fault of the hub.
pub async fn test_delivery(hub: &Hub, domain: &Domain, endpoint: &WebhookEndpoint) -> Result<Try, StoreError> {
    let now = hub.clock.now();
    let id = EngagementId::random();
    let story = Story { engagement: Engagement::example(id, domain, now), transcript: Vec::new() };
    debug_assert_eq!(story.engagement.state, State::Completed);
    let report = Report::new(story, DeliveryType::Push, now);
    let body = serde_json::to_vec(&report).map_err(|error| StoreError::Unreadable(error.to_string()))?;
    Ok(hub.webhooks.post(endpoint, &DeliveryId::new(id), now, body).await)
}
