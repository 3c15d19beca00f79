//! Engagements that wait for a busy agent: the next one starts when the conversation before it ends. The date that each
//! of them has stays as it is, so that a crash here only makes it wait until then.

use hub_models::contact::PhoneNumber;
use hub_models::engagement::{Engagement, State};
use hub_store::StoreError;
use jiff::SignedDuration;

use crate::Hub;
use crate::enqueue::enqueue;

/// Notes that an engagement waits for its agent.
pub(crate) async fn wait_for_agent(hub: &Hub, engagement: &Engagement, agent: &PhoneNumber) -> Result<(), StoreError> {
    hub.store.wait_for_agent(engagement, agent).await
}

/// Brings the next engagement forward that waits for the agent of this one, which has ended.
pub(crate) async fn bring_forward(hub: &Hub, ended: &Engagement) {
    if let Some(agent) = ended.occupies_agent()
        && let Err(error) = bring_next(hub, ended, agent).await
    {
        tracing::warn!(%error, "nobody was brought forward; whoever waits is tried at its own date");
    }
}

async fn bring_next(hub: &Hub, ended: &Engagement, agent: &PhoneNumber) -> Result<(), StoreError> {
    for id in hub.store.waiting_for_agent(&ended.domain_name, agent).await? {
        let Some(waiting) = hub.store.engagement(id).await? else { continue };
        hub.store.waits_no_longer(&waiting, agent).await?;
        if matches!(waiting.state, State::Queued | State::Scheduled) {
            enqueue(hub, &waiting, SignedDuration::ZERO).await;
            break;
        }
    }
    Ok(())
}
