//! Handing what is due to its dispatcher.

use hub_channels::queue::{Queue, QueueMessage};
use hub_models::engagement::Engagement;
use hub_models::webhook::Delivery;
use jiff::SignedDuration;

use crate::Hub;
use crate::dispatch::Job;
use crate::publish::DeliveryJob;
use crate::spans::delivery_span;

/// Hands an engagement to its dispatcher, and says whether the queue took it. A queue that is out of order loses
/// nothing: the tick finds what is due.
pub(crate) async fn enqueue(hub: &Hub, engagement: &Engagement, delay: SignedDuration) -> bool {
    let queue = Queue::of(engagement.channel);
    let job = Job::of(engagement, hub.clock.now() + delay);
    let sent = hub.queues.send(queue, &job, &engagement.domain_name, delay).await;
    if let Err(error) = &sent {
        tracing::warn!(%error, "not enqueued; the tick will release it");
    }
    sent.is_ok()
}

/// Hands a delivery to its dispatcher, and says whether the queue took it. A queue that is out of order loses nothing:
/// the tick finds what is due.
pub(crate) async fn enqueue_delivery(hub: &Hub, delivery: &Delivery, delay: SignedDuration) -> bool {
    let due_at = Some(hub.clock.now() + delay);
    let job = DeliveryJob { delivery_id: delivery.delivery_id, attempt: delivery.attempt, due_at };
    let sent = hub.queues.send(Queue::DeliverWebhook, &job, &delivery.domain_name, delay).await;
    if let Err(error) = &sent {
        delivery_span(delivery.delivery_id)
            .in_scope(|| tracing::warn!(%error, "not enqueued; the tick will release it"));
    }
    sent.is_ok()
}

/// The same for many at once. What a queue does not take the tick finds.
pub(crate) async fn enqueue_deliveries(hub: &Hub, deliveries: &[Delivery]) {
    let now = hub.clock.now();
    let message = |delivery: &Delivery| {
        let job = DeliveryJob { delivery_id: delivery.delivery_id, attempt: delivery.attempt, due_at: Some(now) };
        QueueMessage::new(&job, &delivery.domain_name, SignedDuration::ZERO)
    };
    let sent = match deliveries.iter().map(message).collect::<Result<Vec<_>, _>>() {
        Ok(messages) => hub.queues.send_all(Queue::DeliverWebhook, &messages).await.map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    if let Err(error) = sent {
        tracing::warn!(error, "not enqueued; the tick will release them");
    }
}
