//! Sending a reply by message: claimed with the turn that it belongs to, sent once, recorded.

use std::sync::Arc;

use hub_channels::ProviderError;
use hub_channels::simulator::Simulator;
use hub_models::domain::Domain;
use hub_models::engagement::{Ended, Engagement, Outcome, State};
use hub_models::moment::Moment;
use hub_models::retry::{MOST_FAILURES, backoff};
use hub_models::talk::{Outgoing, Talk};
use hub_store::StoreError;
use jiff::SignedDuration;

use super::record::{Recorded, TurnTaken, write};
use crate::Hub;
use crate::carrier;
use crate::enqueue::enqueue;
use crate::send::{busy_for, left};

/// Replies are numbered from here where attempts are numbered too, so that neither is taken for the other.
pub(crate) const FIRST_REPLY: u32 = 1_000_000;

/// Sends the reply that this process has claimed, and records what became of it.
pub(super) async fn send_reply(hub: &Hub, engagement: Engagement) -> Result<(), StoreError> {
    let Some(talk) = engagement.talk.as_deref() else { return Ok(()) };
    let Some(outgoing) = talk.outgoing.clone() else { return Ok(()) };
    match hand_over(hub, &engagement, &outgoing).await {
        Ok(()) => sent(hub, engagement).await,
        Err(ProviderError::Refused { outcome, reason }) => {
            not_said(hub, &engagement, talk, Ended { reached: false, outcome, summary: reason }).await
        }
        Err(ProviderError::OutOfOrder { reason }) => {
            tracing::warn!(reason, "a reply was not taken");
            try_again(hub, &engagement, talk, outgoing).await
        }
        // However often it waits for its turn, that is no failure.
        Err(ProviderError::Busy { reason }) => {
            tracing::info!(reason, "a reply waits");
            put_off(hub, &engagement, (talk, outgoing), talk.failures, busy_for()).await
        }
        // Nobody knows whether it left: evidence decides.
        Err(ProviderError::Unknown { reason }) => {
            tracing::warn!(reason, "the answer to a reply was lost");
            enqueue(hub, &engagement, hub.settings.pace.lease).await;
            Ok(())
        }
    }
}

/// Calls the provider, once.
async fn hand_over(hub: &Hub, engagement: &Engagement, outgoing: &Outgoing) -> Result<(), ProviderError> {
    if let Some(domain) = carriers_domain(hub, engagement).await? {
        return carrier::send_reply(hub, engagement, &domain, &outgoing.text).await;
    }
    let mut message = left(engagement, outgoing.text.clone(), hub.clock.now());
    message.attempt = FIRST_REPLY + outgoing.number;
    hub.simulator.take_reply(message, engagement.test_mode).await.map(drop)
}

/// The domain of an engagement that a carrier has taken; none where the simulator has.
async fn carriers_domain(hub: &Hub, engagement: &Engagement) -> Result<Option<Arc<Domain>>, ProviderError> {
    if Simulator::has_taken(engagement) {
        return Ok(None);
    }
    let gone = || ProviderError::OutOfOrder { reason: "The domain of the engagement cannot be read.".to_owned() };
    let domain = hub.store.domain_cached(&engagement.domain_name).await.map_err(|error| {
        tracing::error!(%error, "a reply was not sent");
        gone()
    })?;
    domain.map(Some).ok_or_else(gone)
}

/// Whether the provider has taken a reply whose record was lost; an error where it cannot be asked.
pub(super) async fn was_taken(hub: &Hub, engagement: &Engagement, outgoing: &Outgoing) -> Result<bool, ProviderError> {
    if let Some(domain) = carriers_domain(hub, engagement).await? {
        let since = outgoing.since.unwrap_or(engagement.created_at);
        return carrier::reply_was_taken(hub, engagement, &domain, &outgoing.text, since).await;
    }
    let attempt = FIRST_REPLY + outgoing.number;
    hub.simulator.find(engagement.engagement_id, attempt).await.map(|found| found.is_some())
}

/// The reply has left: the conversation goes on, or ends as was decided with it.
pub(super) async fn sent(hub: &Hub, engagement: Engagement) -> Result<(), StoreError> {
    let mut engagement = engagement;
    loop {
        let Some(before) = engagement.talk.as_deref() else { return Ok(()) };
        let ended = before.ending.clone().map(Ended::from);
        let talk = Talk { outgoing: None, ending: None, failures: 0, ..before.clone() };
        let unanswered = talk.unanswered && ended.is_none();
        let now = hub.clock.now();
        let look_again = if unanswered { now } else { talk.last_at + hub.settings.conversation_silence };
        match record(hub, &engagement, talk, ended, look_again).await? {
            Recorded::Written(engagement) => {
                if unanswered && engagement.state == State::InProgress {
                    enqueue(hub, &engagement, SignedDuration::ZERO).await;
                }
                return Ok(());
            }
            Recorded::Overtaken => {
                let current = hub.store.engagement(engagement.engagement_id).await?;
                let still = current.filter(|current| is_sending_same(current, &engagement));
                let Some(current) = still else { return Ok(()) };
                engagement = current;
            }
        }
    }
}

fn is_sending_same(current: &Engagement, before: &Engagement) -> bool {
    let outgoing = |engagement: &Engagement| {
        engagement.talk.as_ref().and_then(|talk| talk.outgoing.as_ref().map(|outgoing| outgoing.number))
    };
    !current.state.is_final() && outgoing(current).is_some() && outgoing(current) == outgoing(before)
}

/// Tries again later what the provider could not take; what could not be said for so long is not said any more.
async fn try_again(hub: &Hub, engagement: &Engagement, talk: &Talk, outgoing: Outgoing) -> Result<(), StoreError> {
    let failures = talk.failures + 1;
    if failures >= MOST_FAILURES {
        let summary = format!("The provider could not take a reply after {MOST_FAILURES} attempts.");
        return not_said(hub, engagement, talk, Ended { reached: false, outcome: Outcome::Refused, summary }).await;
    }
    put_off(hub, engagement, (talk, outgoing), failures, backoff(failures, rand::random())).await
}

async fn put_off(
    hub: &Hub,
    engagement: &Engagement,
    (talk, outgoing): (&Talk, Outgoing),
    failures: u32,
    wait: SignedDuration,
) -> Result<(), StoreError> {
    let now = hub.clock.now();
    let plan = hub.settings.pace.plan(now + wait, now);
    let talk = Talk { failures, outgoing: Some(Outgoing { since: None, ..outgoing }), ..talk.clone() };
    let written = record(hub, engagement, talk, None, plan.due_at).await?;
    if let (Recorded::Written(engagement), Some(delay)) = (written, plan.delay) {
        enqueue(hub, &engagement, delay).await;
    }
    Ok(())
}

/// A reply that is never said ends the conversation. What it had come to before stays what it came to.
async fn not_said(hub: &Hub, engagement: &Engagement, talk: &Talk, failed: Ended) -> Result<(), StoreError> {
    let (ended, note) = match talk.ending.clone() {
        Some(ending) => (Ended::from(ending), Some(format!("The last reply was not sent: {}", failed.summary))),
        None => (failed, None),
    };
    let talk = Talk { outgoing: None, ending: None, ..talk.clone() };
    let now = hub.clock.now();
    let taken = TurnTaken { talk, said: Vec::new(), heard: None, ended: Some(ended), note, look_again: now };
    write(hub, engagement.clone(), taken).await.map(drop)
}

/// Claims a reply that nobody is sending, and sends it.
pub(super) async fn claim_and_send(hub: &Hub, engagement: &Engagement) -> Result<(), StoreError> {
    let Some(talk) = engagement.talk.as_deref() else { return Ok(()) };
    let Some(outgoing) = talk.outgoing.clone() else { return Ok(()) };
    let now = hub.clock.now();
    let talk = Talk { outgoing: Some(Outgoing { since: Some(now), ..outgoing }), ..talk.clone() };
    match record(hub, engagement, talk, None, now + hub.settings.pace.lease).await? {
        Recorded::Written(engagement) => send_reply(hub, *engagement).await,
        Recorded::Overtaken => Ok(()),
    }
}

async fn record(
    hub: &Hub,
    engagement: &Engagement,
    talk: Talk,
    ended: Option<Ended>,
    look_again: Moment,
) -> Result<Recorded, StoreError> {
    let taken = TurnTaken { talk, said: Vec::new(), heard: None, ended, note: None, look_again };
    write(hub, engagement.clone(), taken).await
}
