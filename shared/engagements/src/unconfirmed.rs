//! Claims that ran out with nothing recorded: resolved by evidence, never by guessing (DESIGN §4).

use hub_models::channel::Channel;
use hub_models::engagement::{Claim, Engagement, Event};
use hub_models::moment::Moment;
use hub_store::StoreError;
use jiff::SignedDuration;

use crate::Hub;
use crate::carrier::{self, Evidence};
use crate::enqueue::enqueue;
use crate::send::{record, simulated_evidence};
use crate::transition::transition;

/// Looks after a claimed engagement that a message came for again.
pub(crate) async fn resolve(hub: &Hub, engagement: Engagement) -> Result<(), StoreError> {
    let now = hub.clock.now();
    let Some(claim) = engagement.claim.clone() else {
        return Ok(());
    };
    match stage(hub, &claim, now) {
        Stage::Leased { left } => {
            // The message is spent, so another one brings it back when the lease is over.
            enqueue(hub, &engagement, left).await;
            Ok(())
        }
        Stage::RanOut => begin_grace(hub, engagement, now).await,
        Stage::InGrace => look_for_evidence(hub, engagement).await.map(drop),
        Stage::GraceOver => match look_for_evidence(hub, engagement).await? {
            Some(engagement) => {
                let due_at = hub.settings.pace.plan(now, now).due_at;
                record(hub, engagement, Event::NeverTaken { due_at }).await.map(drop)
            }
            None => Ok(()),
        },
    }
}

enum Stage {
    Leased { left: SignedDuration },
    RanOut,
    InGrace,
    GraceOver,
}

fn stage(hub: &Hub, claim: &Claim, now: Moment) -> Stage {
    let pace = &hub.settings.pace;
    match claim.unconfirmed_since {
        None if now - claim.at < pace.lease => Stage::Leased { left: claim.at + pace.lease - now },
        None => Stage::RanOut,
        // Counted from when it was noticed, not from the claim: after an outage of the hub itself, the events that
        // were waiting must have had their time.
        Some(since) if now - since < pace.grace => Stage::InGrace,
        Some(_) => Stage::GraceOver,
    }
}

async fn begin_grace(hub: &Hub, engagement: Engagement, now: Moment) -> Result<(), StoreError> {
    let plan = hub.settings.pace.plan(now + hub.settings.pace.grace, now);
    let event = Event::LeaseRanOut { look_again: plan.due_at };
    let Ok(change) = transition(hub, engagement, event, &[]).await? else {
        return Ok(());
    };
    tracing::warn!("unconfirmed: waiting for evidence");
    if let (Some(engagement), Some(delay)) = (look_for_evidence(hub, change.engagement).await?, plan.delay) {
        enqueue(hub, &engagement, delay).await;
    }
    Ok(())
}

/// Records the evidence that can be asked for; gives the engagement back where there is none.
///
/// For email the evidence is SES's Send event, which records itself when it comes.
async fn look_for_evidence(hub: &Hub, engagement: Engagement) -> Result<Option<Engagement>, StoreError> {
    let domain = hub.store.domain_cached(&engagement.domain_name).await?;
    let (Some(domain), true) = (domain, engagement.channel != Channel::Email) else {
        return Ok(Some(engagement));
    };
    let evidence = match &domain.carrier {
        Some(carrier) if !engagement.test_mode => carrier::evidence(hub, &engagement, carrier).await?,
        _ if !hub.simulates(&engagement, &domain) => Evidence::None,
        _ => simulated_evidence(hub, &engagement, &domain).await?.map_or(Evidence::None, Evidence::Found),
    };
    match evidence {
        Evidence::Found(event) => record(hub, engagement, event).await.map(|_| None),
        Evidence::None => Ok(Some(engagement)),
        // Only the carrier knows, so it is asked until it says: the tick brings the claim again.
        Evidence::Silent => Ok(None),
    }
}
