//! Telling a domain's webhook, or whoever wants to know the result of a call, until it is taken (checklist G, K3).

use hub_channels::queue::Queue;
use hub_models::domain::{Domain, DomainName};
use hub_models::engagement::{Engagement, State};
use hub_models::id::{AccountId, DeliveryId, EngagementId};
use hub_models::moment::Moment;
use hub_models::webhook::{Delivery, DeliveryStatus, Destination, Try, WebhookEndpoint};
use hub_store::{Saved, StoreError, Story};
use serde::{Deserialize, Serialize};
use tracing::Instrument;

use crate::bulk::{BatchReport, Progress};
use crate::call_result::result_to_tell;
use crate::enqueue::enqueue_delivery;
use crate::report::{DeliveryType, Report};
use crate::spans::delivery_span;
use crate::{Hub, metrics};

/// A message of the webhook queue: which try of which delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryJob {
    /// The delivery.
    pub delivery_id: DeliveryId,
    /// The try that the message is for.
    pub attempt: u32,
    /// When the queue was to bring it, for telling how long it waited there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Moment>,
}

/// Makes one try of a delivery. The next one is in the table before this one is made.
///
/// # Errors
/// When a table cannot be used. The message must then come again.
pub async fn deliver(hub: &Hub, job: DeliveryJob) -> Result<(), StoreError> {
    make_try(hub, job).instrument(delivery_span(job.delivery_id)).await
}

async fn make_try(hub: &Hub, job: DeliveryJob) -> Result<(), StoreError> {
    let Some(delivery) = hub.store.delivery(job.delivery_id).await? else {
        return Ok(());
    };
    if delivery.status != DeliveryStatus::Pending || delivery.attempt != job.attempt {
        return Ok(());
    }
    let now = hub.clock.now();
    let claimed = delivery.clone().claimed(now);
    if !hub.store.save_delivery(&claimed, &delivery).await? {
        return Ok(());
    }
    metrics::waited(Queue::DeliverWebhook, job.due_at, now);
    let Attempt { outcome, called, endpoint } = attempt(hub, &claimed).await?;
    let gone = outcome.status_code == Some(410);
    let tried = claimed.clone().tried(outcome, hub.clock.now());
    if called {
        tell(&tried);
    }
    hub.store.save_delivery(&tried, &claimed).await?;
    if let (true, Some(endpoint)) = (gone, endpoint) {
        disable(hub, &claimed.domain_name, &endpoint).await?;
    }
    try_later(hub, &tried).await;
    Ok(())
}

/// Counts a call of a webhook, and says how it went.
fn tell(tried: &Delivery) {
    let Some(outcome) = tried.tries.last() else { return };
    metrics::webhook_tried(outcome, tried.status);
    tracing::info!(
        domain_name = %tried.domain_name,
        status_code = outcome.status_code,
        milliseconds = outcome.duration_ms,
        tries = tried.tries.len(),
        delivery = %tried.status,
        "webhook called"
    );
}

/// The queue brings the next try where it is soon; the tick does where it is late.
async fn try_later(hub: &Hub, delivery: &Delivery) {
    let Some(due_at) = delivery.due_at else { return };
    let now = hub.clock.now();
    if let Some(delay) = hub.settings.pace.plan(due_at, now).delay {
        enqueue_delivery(hub, delivery, delay).await;
    }
}

/// One try that was made, or why there was nobody to call.
struct Attempt {
    outcome: Try,
    /// Whether anybody was called.
    called: bool,
    /// The domain's webhook, where that is who was to be told.
    endpoint: Option<WebhookEndpoint>,
}

impl Attempt {
    fn not_made(at: Moment, why: &str, endpoint: Option<WebhookEndpoint>) -> Self {
        let outcome = Try { at, status_code: None, error: Some(why.to_owned()), duration_ms: 0 };
        Self { outcome, called: endpoint.is_some(), endpoint }
    }
}

async fn attempt(hub: &Hub, delivery: &Delivery) -> Result<Attempt, StoreError> {
    match delivery.destination {
        Destination::Webhook => call_webhook(hub, delivery).await,
        Destination::CallResult => tell_result(hub, delivery).await,
    }
}

/// Its receiver shares no secret with the hub, so nothing is signed: whoever doubts it asks by the `UniqueId`.
async fn tell_result(hub: &Hub, delivery: &Delivery) -> Result<Attempt, StoreError> {
    let now = hub.clock.now();
    let Some((url, result)) = result_to_tell(hub, delivery.delivery_id.engagement_id()).await? else {
        return Ok(Attempt::not_made(now, "The call or its destination is gone.", None));
    };
    let body = serde_json::to_vec(&result).map_err(|error| StoreError::Unreadable(error.to_string()))?;
    let outcome = hub.webhooks.post_unsigned(url.url(), now, body).await;
    Ok(Attempt { outcome, called: true, endpoint: None })
}

async fn call_webhook(hub: &Hub, delivery: &Delivery) -> Result<Attempt, StoreError> {
    let now = hub.clock.now();
    let domain = hub.store.domain_cached(&delivery.domain_name).await?;
    let endpoint = domain.and_then(|domain| domain.webhook.clone()).filter(|endpoint| endpoint.disabled_at.is_none());
    let Some(endpoint) = endpoint else {
        return Ok(Attempt::not_made(now, "The domain has no webhook any more, or it is disabled.", None));
    };
    let Some(body) = body(hub, delivery, now).await? else {
        return Ok(Attempt::not_made(now, "What it tells of is gone.", Some(endpoint)));
    };
    let outcome = hub.webhooks.post(&endpoint, &delivery.delivery_id, now, body).await;
    Ok(Attempt { outcome, called: true, endpoint: Some(endpoint) })
}

/// What is told of the engagement or the batch, as it stands now.
async fn body(hub: &Hub, delivery: &Delivery, now: Moment) -> Result<Option<Vec<u8>>, StoreError> {
    let body = match delivery.batch_id {
        Some(id) => hub.store.counted_batch(id).await?.map(|counted| {
            let progress = Progress::from(counted);
            serde_json::to_vec(&BatchReport::new(&progress, DeliveryType::Push, now))
        }),
        None => hub
            .store
            .story(delivery.delivery_id.engagement_id())
            .await?
            .map(|story| serde_json::to_vec(&Report::new(story, DeliveryType::Push, now))),
    };
    body.transpose().map_err(|error| StoreError::Unreadable(error.to_string()))
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
    begin_again(hub, account, id).instrument(delivery_span(id)).await
}

async fn begin_again(hub: &Hub, account: AccountId, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
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
