//! Looking after a conversation that waits: for a reply to be sent, for an answer to be thought of, or for the contact.

use hub_models::engagement::{Ended, Engagement, Event, Outcome as End, State};
use hub_models::moment::Moment;
use hub_models::talk::Talk;
use hub_store::StoreError;

use super::TalkError;
use super::message::answer_what_waits;
use super::record::{TurnTaken, write};
use super::reply::{claim_and_send, sent, was_taken};
use crate::Hub;
use crate::enqueue::enqueue;
use crate::transition::transition;

/// Takes a conversation by message a step further, if there is one to be taken. Says whether there was.
pub(crate) async fn look_after(hub: &Hub, engagement: &Engagement) -> Result<bool, TalkError> {
    let talk = engagement.talk.as_deref().filter(|_| engagement.awaits_messages());
    let Some(talk) = talk.filter(|_| engagement.state == State::InProgress) else { return Ok(false) };
    if talk.outgoing.is_some() {
        look_after_reply(hub, engagement, talk).await?;
        return Ok(true);
    }
    if talk.unanswered {
        answer_what_waits(hub, engagement.engagement_id, hub.settings.public_url.as_ref()).await?;
        return Ok(true);
    }
    let silent_at = talk.last_at + hub.settings.conversation_silence;
    if hub.clock.now() >= silent_at {
        end_by_silence(hub, engagement, talk).await?;
        return Ok(true);
    }
    Ok(false)
}

/// Waits on for the contact.
pub(crate) async fn wait_for_contact(hub: &Hub, engagement: Engagement) -> Result<(), StoreError> {
    let Some(talk) = engagement.talk.as_deref() else { return Ok(()) };
    let look_again = talk.last_at + hub.settings.conversation_silence;
    if engagement.due_at == Some(look_again) {
        return Ok(());
    }
    transition(hub, engagement, Event::Released { look_again }, &[]).await?.map(drop).or(Ok(()))
}

/// A reply that somebody claimed and did not record: evidence tells whether it left.
async fn look_after_reply(hub: &Hub, engagement: &Engagement, talk: &Talk) -> Result<(), StoreError> {
    let Some(outgoing) = &talk.outgoing else { return Ok(()) };
    let Some(since) = outgoing.since else { return claim_and_send(hub, engagement).await };
    let (now, pace) = (hub.clock.now(), &hub.settings.pace);
    if now - since < pace.lease {
        enqueue(hub, engagement, since + pace.lease - now).await;
        return Ok(());
    }
    match was_taken(hub, engagement, outgoing).await {
        Ok(true) => sent(hub, engagement.clone()).await,
        Ok(false) if now - since >= pace.lease + pace.grace => claim_and_send(hub, engagement).await,
        Ok(false) => look_later(hub, engagement, since + pace.lease + pace.grace).await,
        Err(error) => {
            tracing::warn!(%error, "there is no telling whether a reply has left");
            look_later(hub, engagement, now + pace.grace).await
        }
    }
}

async fn look_later(hub: &Hub, engagement: &Engagement, at: Moment) -> Result<(), StoreError> {
    let plan = hub.settings.pace.plan(at, hub.clock.now());
    let event = Event::Released { look_again: plan.due_at };
    if let (Ok(change), Some(delay)) = (transition(hub, engagement.clone(), event, &[]).await?, plan.delay) {
        enqueue(hub, &change.engagement, delay).await;
    }
    Ok(())
}

async fn end_by_silence(hub: &Hub, engagement: &Engagement, talk: &Talk) -> Result<(), StoreError> {
    let (outcome, summary) = match talk.heard {
        true => (End::Conversed, "The contact did not reply any more."),
        false => (End::Delivered, "The contact did not reply."),
    };
    let ended = Some(Ended { reached: true, outcome, summary: summary.to_owned() });
    let look_again = hub.clock.now();
    let taken = TurnTaken { talk: talk.clone(), said: Vec::new(), heard: None, ended, note: None, look_again };
    write(hub, engagement.clone(), taken).await.map(drop)
}
