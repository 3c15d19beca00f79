//! Carrying out what the table of transitions decides: write it, and set off what follows from it.

use hub_models::domain::DomainName;
use hub_models::engagement::{Change, Engagement, Event, Refusal, Turn};
use hub_models::id::{AccountId, DeliveryId};
use hub_models::scenario::Telling;
use hub_models::webhook::{Delivery, Destination};
use hub_store::{Heard, StoreError, Written};
use jiff::SignedDuration;

use crate::enqueue::{enqueue, enqueue_delivery};
use crate::talk::bring_forward;
use crate::{Hub, metrics};

/// Has `event` happen to an engagement, deciding again for as long as others are faster. What was said goes with it.
///
/// The inner result is the table's: a refusal changed nothing.
pub(crate) async fn transition(
    hub: &Hub,
    engagement: Engagement,
    event: Event,
    said: &[Turn],
) -> Result<Result<Change, Refusal>, StoreError> {
    transition_hearing(hub, engagement, event, said, None).await
}

/// The same with something that was heard, which is written with it.
pub(crate) async fn transition_hearing(
    hub: &Hub,
    engagement: Engagement,
    event: Event,
    said: &[Turn],
    heard: Option<&Heard>,
) -> Result<Result<Change, Refusal>, StoreError> {
    let mut engagement = engagement;
    loop {
        let now = hub.clock.now();
        let change = match engagement.apply(event.clone(), now) {
            Ok(change) => change,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let told = deliveries(hub, &engagement, &change).await?;
        match hub.store.write(&change, &told, said, heard).await? {
            Written::Yes => {
                log(&change.engagement);
                metrics::moved(engagement.state, &event, &change.engagement);
                if change.hang_up {
                    enqueue(hub, &change.engagement, SignedDuration::ZERO).await;
                }
                for delivery in told.iter().filter(|delivery| goes_at_once(&change.engagement, delivery)) {
                    enqueue_delivery(hub, delivery, SignedDuration::ZERO).await;
                }
                if change.engagement.state.is_final() && engagement.holds_agent() {
                    bring_forward(hub, &change.engagement).await;
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

/// The deliveries that tell of a change: to the domain's webhook, and, at the end of a call that an IVR project has
/// triggered, to where it wants to know the result.
async fn deliveries(hub: &Hub, before: &Engagement, change: &Change) -> Result<Vec<Delivery>, StoreError> {
    let mut told = Vec::new();
    if change.tell {
        told.extend(delivery(hub, &change.engagement).await?);
    }
    if change.engagement.state.is_final() && !before.state.is_final() {
        told.extend(result_delivery(hub, &change.engagement));
    }
    Ok(told)
}

/// The delivery of the result of a call, where the IVR project that has triggered it wants to be told.
fn result_delivery(hub: &Hub, engagement: &Engagement) -> Option<Delivery> {
    let (id, now) = (DeliveryId::new(engagement.engagement_id), hub.clock.now());
    let due_at = match engagement.trigger.as_ref()?.telling? {
        Telling::AtOnce => now + hub.settings.pace.fast_path,
        Telling::Queued => now,
    };
    let delivery = Delivery::new(id, engagement.account_id, engagement.domain_name.clone(), now, due_at);
    Some(Delivery { destination: Destination::CallResult, ..delivery })
}

/// Whether a delivery takes the fast path. One that may wait is left to the tick.
fn goes_at_once(engagement: &Engagement, delivery: &Delivery) -> bool {
    match delivery.destination {
        Destination::Webhook => true,
        Destination::CallResult => {
            engagement.trigger.as_ref().is_some_and(|trigger| trigger.telling == Some(Telling::AtOnce))
        }
    }
}

/// The delivery that tells of a change, where the domain wants to be told.
pub(crate) async fn delivery(hub: &Hub, engagement: &Engagement) -> Result<Option<Delivery>, StoreError> {
    let id = DeliveryId::new(engagement.engagement_id);
    new_delivery(hub, id, engagement.account_id, &engagement.domain_name).await
}

/// A delivery to a domain's webhook, where the domain wants to be told.
pub(crate) async fn new_delivery(
    hub: &Hub,
    id: DeliveryId,
    account: AccountId,
    domain_name: &DomainName,
) -> Result<Option<Delivery>, StoreError> {
    let domain = hub.store.domain_cached(domain_name).await?;
    let endpoint = domain.as_ref().and_then(|domain| domain.webhook.as_ref());
    if endpoint.is_none_or(|endpoint| endpoint.disabled_at.is_some()) {
        return Ok(None);
    }
    let now = hub.clock.now();
    let due_at = now + hub.settings.pace.fast_path;
    Ok(Some(Delivery::new(id, account, domain_name.clone(), now, due_at)))
}

/// Says where an engagement has come to, and whose it is: what is too much for the dimensions of a metric.
pub(crate) fn log(engagement: &Engagement) {
    tracing::info!(
        domain_name = %engagement.domain_name,
        channel = %engagement.channel,
        test_mode = engagement.test_mode,
        state = %engagement.state,
        attempt = engagement.attempt,
        outcome = engagement.outcome.map(|outcome| outcome.as_str()),
        "moved"
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use hub_models::domain::Domain;
    use hub_models::id::{EngagementId, UniqueId};
    use hub_models::moment::Moment;
    use hub_models::scenario::CallTrigger;

    #[test]
    fn a_result_that_may_wait_is_left_to_the_tick_and_a_webhook_never_is() {
        let (id, now) = (EngagementId::random(), Moment::from_millisecond(0));
        let domain = Domain::new("acme".parse().unwrap(), AccountId::random(), now);
        let webhook = Delivery::new(DeliveryId::new(id), domain.account_id, domain.domain_name.clone(), now, now);
        let result = Delivery { destination: Destination::CallResult, ..webhook.clone() };
        for (telling, at_once) in [(Telling::AtOnce, true), (Telling::Queued, false)] {
            let trigger = Some(CallTrigger { unique_id: UniqueId::random(id), telling: Some(telling) });
            let engagement = Engagement { trigger, ..Engagement::example(id, &domain, now) };
            assert_eq!(goes_at_once(&engagement, &result), at_once);
            assert!(goes_at_once(&engagement, &webhook));
        }
    }
}
