//! Carrying out what the table of transitions decides: write it, and set off what follows from it.

use hub_channels::queue::Queue;
use hub_models::engagement::{Change, Engagement, Event, Refusal, Turn};
use hub_models::id::DeliveryId;
use hub_models::webhook::Delivery;
use hub_store::{StoreError, Written};
use jiff::SignedDuration;

use crate::Hub;
use crate::publish::DeliveryJob;

/// Has `event` happen to an engagement, deciding again for as long as others are faster. What was said goes with it.
///
/// The inner result is the table's: a refusal changed nothing.
pub(crate) async fn transition(
    hub: &Hub,
    engagement: Engagement,
    event: Event,
    said: &[Turn],
) -> Result<Result<Change, Refusal>, StoreError> {
    let mut engagement = engagement;
    loop {
        let now = hub.clock.now();
        let change = match engagement.apply(event.clone(), now) {
            Ok(change) => change,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let told = if change.tell { delivery(hub, &change.engagement).await? } else { None };
        match hub.store.write(&change, told.as_ref(), said).await? {
            Written::Yes => {
                log(&change);
                if let Some(delivery) = told {
                    enqueue_delivery(hub, &delivery, SignedDuration::ZERO).await;
                }
                return Ok(Ok(change));
            }
            Written::Conflict(current) if event.is_overtaken(&engagement, &current) => {
                return Ok(Err(Refusal::NotNow(current.state)));
            }
            Written::Conflict(current) => engagement = *current,
        }
    }
}

/// The delivery that tells of a change, where the domain wants to be told.
async fn delivery(hub: &Hub, engagement: &Engagement) -> Result<Option<Delivery>, StoreError> {
    let domain = hub.store.domain_cached(&engagement.domain_name).await?;
    let endpoint = domain.as_ref().and_then(|domain| domain.webhook.as_ref());
    if endpoint.is_none_or(|endpoint| endpoint.disabled_at.is_some()) {
        return Ok(None);
    }
    let now = hub.clock.now();
    let id = DeliveryId::new(engagement.engagement_id);
    let due_at = now + hub.settings.pace.fast_path;
    Ok(Some(Delivery::new(id, engagement.account_id, engagement.domain_name.clone(), now, due_at)))
}

/// Hands a delivery to its dispatcher, and says whether the queue took it. A queue that is out of order loses nothing:
/// the tick finds what is due.
pub(crate) async fn enqueue_delivery(hub: &Hub, delivery: &Delivery, delay: SignedDuration) -> bool {
    let job = DeliveryJob { delivery_id: delivery.delivery_id, attempt: delivery.attempt };
    let sent = hub.queues.send(Queue::DeliverWebhook, &job, &delivery.domain_name, delay).await;
    if let Err(error) = &sent {
        tracing::warn!(delivery_id = %delivery.delivery_id, %error, "not enqueued; the tick will release it");
    }
    sent.is_ok()
}

fn log(change: &Change) {
    let engagement = &change.engagement;
    let outcome = engagement.outcome.map_or("", |outcome| outcome.as_str());
    tracing::info!(
        engagement_id = %engagement.engagement_id,
        state = %engagement.state,
        attempt = engagement.attempt,
        outcome,
        "moved"
    );
    if engagement.state.is_final() && engagement.completed_at == engagement.history.last().map(|entry| entry.started_at)
    {
        metrics::counter!("EngagementsEnded", "Channel" => engagement.channel.as_str(), "Outcome" => outcome)
            .increment(1);
    }
}
