//! Hanging up the call of an engagement that was called off: tried until it is done (checklist F3).

use hub_models::engagement::{Engagement, Event};
use hub_store::StoreError;
use jiff::SignedDuration;

use super::account::account_of;
use crate::Hub;
use crate::enqueue::enqueue;
use crate::transition::transition;

/// When it is tried again.
const AGAIN: SignedDuration = SignedDuration::from_secs(10);

/// The longest that a call lasts at the carrier.
pub(super) const LONGEST_CALL: SignedDuration = SignedDuration::from_hours(4);

/// Hangs the call up. Where the carrier does not do it now, the queue and the tick bring it again.
pub(crate) async fn hang_up(hub: &Hub, engagement: Engagement) -> Result<(), StoreError> {
    if is_over(hub, &engagement).await? {
        return transition(hub, engagement, Event::HungUp, &[]).await?.map(drop).or(Ok(()));
    }
    let plan = hub.settings.pace.plan(hub.clock.now() + AGAIN, hub.clock.now());
    let put_off = transition(hub, engagement, Event::Released { look_again: plan.due_at }, &[]).await?;
    if let (Ok(change), Some(delay)) = (put_off, plan.delay) {
        enqueue(hub, &change.engagement, delay).await;
    }
    Ok(())
}

/// Whether nobody is on the line any more, at the latest because it was hung up now.
async fn is_over(hub: &Hub, engagement: &Engagement) -> Result<bool, StoreError> {
    let domain = hub.store.domain_cached(&engagement.domain_name).await?;
    let carrier = domain.as_ref().and_then(|domain| domain.carrier.as_ref());
    let long_ago = engagement.completed_at.is_some_and(|at| hub.clock.now() - at > LONGEST_CALL);
    let (Some(sid), Some(_), false) = (&engagement.provider_id, carrier, long_ago) else { return Ok(true) };
    let account = match account_of(hub, &engagement.domain_name).await {
        Ok(account) => account,
        Err(error) => {
            tracing::error!(%error, "the carrier's account cannot be opened");
            return Ok(false);
        }
    };
    let hung_up = hub.twilio.hang_up(&account, sid).await;
    Ok(hung_up.map_err(|error| tracing::warn!(error = %error.error, "not hung up; it is tried again")).is_ok())
}
