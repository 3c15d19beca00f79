//! Asking the carrier where it has told nothing: how something goes on, and whether it has something that nobody recorded.

use hub_channels::twilio::{Address, Listed, TwilioAccount, TwilioError};
use hub_models::carrier::{Carrier, Progress};
use hub_models::channel::Channel;
use hub_models::engagement::{Ended, Engagement, Event, Outcome};
use hub_models::id::CallSid;
use hub_models::moment::Moment;
use hub_store::StoreError;
use jiff::SignedDuration;

use super::account::account_of;
use super::hang_up::LONGEST_CALL;
use super::report::{CarrierReport, look_again, record_report};
use super::send::{ends, taken};
use crate::Hub;
use crate::talk::{CallEnd, how_it_ended, opening_of, wait_for_contact};
use crate::transition::transition;

/// When it is asked again.
const LATER: SignedDuration = SignedDuration::from_mins(5);

/// How long a receipt of a message is awaited. Some carriers give none.
const RECEIPT: SignedDuration = SignedDuration::from_hours(24);

/// A list has whole seconds, and two clocks differ: what is this much older than a claim may still be its.
pub(super) const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_secs(2);

/// Takes a call or message further whose callbacks may have been lost.
pub(crate) async fn follow(hub: &Hub, engagement: Engagement) -> Result<(), StoreError> {
    let Some(sid) = engagement.provider_id.clone() else { return Ok(()) };
    let domain = hub.store.domain_cached(&engagement.domain_name).await?;
    if domain.is_none_or(|domain| domain.carrier.is_none()) {
        let summary = "The domain's carrier was taken away before it told how it ended.".to_owned();
        let ended = Event::Ended { reached: false, outcome: Outcome::Error, summary };
        return transition(hub, engagement, ended, &[]).await?.map(drop).or(Ok(()));
    }
    match report_on(hub, &engagement, &sid).await {
        Some(report) => match report.progress() {
            Progress::Ended { reached: true, .. } | Progress::HandedOn if engagement.awaits_messages() => {
                wait_for_contact(hub, engagement).await
            }
            Progress::Ended { .. } => record_report(hub, engagement, &sid, report).await.map(drop),
            Progress::HandedOn => handed_on(hub, engagement).await,
            Progress::UnderWay => later(hub, engagement).await,
        },
        None => later(hub, engagement).await,
    }
}

async fn later(hub: &Hub, engagement: Engagement) -> Result<(), StoreError> {
    let voice = engagement.channel.is_voice();
    let longest = if voice { LONGEST_CALL } else { RECEIPT };
    // A conversation by message ends by its silence.
    if waited(hub, &engagement) >= longest && (voice || !engagement.awaits_messages()) {
        return end_unknown(hub, engagement).await;
    }
    let look_again = hub.clock.now() + LATER;
    transition(hub, engagement, Event::Released { look_again }, &[]).await?.map(drop).or(Ok(()))
}

fn waited(hub: &Hub, engagement: &Engagement) -> SignedDuration {
    hub.clock.now() - engagement.started_at.unwrap_or(engagement.created_at)
}

/// The carrier never tells how it ended. A call in which the contact was heard has reached it.
async fn end_unknown(hub: &Hub, engagement: Engagement) -> Result<(), StoreError> {
    let Ended { reached, outcome, summary } = match &engagement.talk {
        Some(_) => how_it_ended(&engagement, CallEnd::HungUp),
        None => {
            let summary =
                "The carrier never told how it ended; whether it reached the contact is not known.".to_owned();
            Ended { reached: false, outcome: Outcome::Error, summary }
        }
    };
    transition(hub, engagement, Event::Ended { reached, outcome, summary }, &[]).await?.map(drop).or(Ok(()))
}

/// A message that the contact's carrier has, and of which no receipt comes.
async fn handed_on(hub: &Hub, engagement: Engagement) -> Result<(), StoreError> {
    if waited(hub, &engagement) < RECEIPT {
        return later(hub, engagement).await;
    }
    let summary = "Handed to the contact's carrier, which gives no receipt.".to_owned();
    let ended = Event::Ended { reached: true, outcome: Outcome::Delivered, summary };
    transition(hub, engagement, ended, &[]).await?.map(drop).or(Ok(()))
}

/// How a call or message goes on; nothing where the carrier does not say.
async fn report_on(hub: &Hub, engagement: &Engagement, sid: &str) -> Option<CarrierReport> {
    let account = opened(hub, engagement).await?;
    let report = if engagement.channel.is_voice() {
        hub.twilio.call_report(&account, sid).await.map(|report| report.map(CarrierReport::Call))
    } else {
        hub.twilio.message_report(&account, sid).await.map(|report| report.map(CarrierReport::Message))
    };
    report.map_err(|error| silent(&error)).ok().flatten()
}

async fn opened(hub: &Hub, engagement: &Engagement) -> Option<TwilioAccount> {
    let account = account_of(hub, &engagement.domain_name).await;
    account.map_err(|error| tracing::error!(%error, "the carrier's account cannot be opened")).ok()
}

fn silent(error: &TwilioError) {
    tracing::warn!(error = %error.error, "the carrier does not say");
}

/// What the carrier knows of an attempt that nobody recorded.
pub(crate) enum Evidence {
    /// It has it.
    Found(Event),
    /// It has none.
    None,
    /// It does not say, so nothing is decided.
    Silent,
}

/// Looks for a call or message to the contact that began after the claim, is nobody's, and says what was to be said. A
/// callback would name the attempt, so this is for the case that the callbacks were lost too.
pub(crate) async fn evidence(hub: &Hub, engagement: &Engagement, carrier: &Carrier) -> Result<Evidence, StoreError> {
    let Some(claimed_at) = engagement.claim.as_ref().map(|claim| claim.at) else { return Ok(Evidence::None) };
    let content = match &engagement.content {
        Some(content) => Some(content.as_ref().clone()),
        None => hub.store.content(engagement.engagement_id).await?,
    };
    let Some((from, to)) = ends(carrier, engagement, content.as_ref()) else { return Ok(Evidence::None) };
    // Where the carrier was set anew since, it may have gone out from another sender.
    let from = Some(&from).filter(|_| carrier.set_at <= claimed_at);
    let Some(listed) = listed(hub, engagement, from, &to).await else { return Ok(Evidence::Silent) };
    let said = said(hub, engagement).await?;
    let may_be_it = |one: &Listed| {
        one.created_at >= claimed_at + -CLOCKS_DIFFER && says(engagement.channel, one.body.as_deref(), &said)
    };
    for one in listed.into_iter().filter(may_be_it) {
        let owner = hub.store.engagement_of_sid(&CallSid::Carrier(one.sid.clone())).await?;
        if owner.is_none_or(|owner| owner == engagement.engagement_id) {
            return Ok(Evidence::Found(found(hub, engagement, one.sid, hub.clock.now())));
        }
    }
    Ok(Evidence::None)
}

/// What a message was to say, as far as that is known.
async fn said(hub: &Hub, engagement: &Engagement) -> Result<Option<String>, StoreError> {
    if engagement.channel.is_voice() {
        return Ok(None);
    }
    let conversation = hub.store.conversation(engagement.engagement_id).await?;
    Ok(conversation.map(|conversation| opening_of(&conversation).text))
}

/// Whether a listed message says that: a reply to the same contact says something else. A template of WhatsApp may be listed
/// with the words around it, or without any.
fn says(channel: Channel, body: Option<&str>, said: &Option<String>) -> bool {
    match (body, said) {
        (Some(body), Some(said)) if channel == Channel::Wmsg => body.contains(said.trim()),
        (Some(body), Some(said)) => body.trim() == said.trim(),
        _ => true,
    }
}

fn found(hub: &Hub, engagement: &Engagement, sid: String, now: Moment) -> Event {
    Event::Taken { taken: taken(sid), look_again: look_again(hub, engagement, now) }
}

async fn listed(
    hub: &Hub,
    engagement: &Engagement,
    from: Option<&Address<'_>>,
    to: &Address<'_>,
) -> Option<Vec<Listed>> {
    let account = opened(hub, engagement).await?;
    let listed = if engagement.channel.is_voice() {
        hub.twilio.calls(&account, from, to).await
    } else {
        hub.twilio.messages(&account, from, to).await
    };
    listed.map_err(|error| silent(&error)).ok()
}
