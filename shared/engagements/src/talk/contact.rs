//! The contact of the simulator: it does what its script says, or what whoever plays it by hand does, and the hub cannot
//! tell it from any other.

use futures::FutureExt;
use futures::future::BoxFuture;
use hub_channels::simulator::{After, Line, Part};
use hub_models::channel::Channel;
use hub_models::contact::Contact;
use hub_models::domain::DomainName;
use hub_models::engagement::{Content, Engagement, Event, Outcome, State};
use hub_models::id::EngagementId;
use hub_models::talk::{AnsweredBy, CallStep, Then};
use hub_store::{Conversation, EngagementFilter, StoreError};
use jiff::SignedDuration;
use uuid::Uuid;

use super::call::{CallEnd, answer, call_ended, heard, transfer_ended};
use super::look_after::wait_for_contact;
use super::message::{Inbound, MessageAnswer, begun, message_in, message_to};
use super::reply::FIRST_REPLY;
use super::{TalkError, load};
use crate::Hub;
use crate::send::left;
use crate::transition::transition;

/// How long a phone rings that is answered by hand.
const RINGS_FOR: SignedDuration = SignedDuration::from_mins(5);

/// No script and no conversation without a model is longer.
const MOST_STEPS: usize = 24;

/// Has the contact of an engagement in progress do what its script says. All of a conversation lies on the heap, not on its
/// caller's stack.
pub(crate) fn follow_contact(
    hub: &Hub,
    engagement: Engagement,
    content: Option<Content>,
    part: Part,
) -> BoxFuture<'_, Result<(), TalkError>> {
    match engagement.channel.is_voice() {
        true => call_goes_on(hub, engagement, content, part).boxed(),
        false => messages_go_on(hub, engagement, part).boxed(),
    }
}

async fn messages_go_on(hub: &Hub, engagement: Engagement, part: Part) -> Result<(), TalkError> {
    let id = engagement.engagement_id;
    for (number, line) in part.says.iter().enumerate() {
        let conversation = begun(hub, load(hub, id).await?).await?;
        if conversation.engagement.state != State::InProgress {
            return Ok(());
        }
        let message = Inbound {
            message_id: format!("script-{id}-{number}"),
            domain: conversation.engagement.domain_name.clone(),
            channel: conversation.engagement.channel,
            from: conversation.engagement.contact.clone(),
            text: spoken(*line, &conversation),
            public_url: hub.settings.public_url.clone(),
        };
        let engagement = conversation.engagement.clone();
        let answer = message_to(hub, Some(conversation), message).await?;
        send_back(hub, &engagement, answer).await?;
    }
    let conversation = begun(hub, load(hub, id).await?).await?;
    Ok(wait_for_contact(hub, conversation.engagement).await?)
}

/// What a carrier would send back with its answer.
async fn send_back(hub: &Hub, engagement: &Engagement, answer: MessageAnswer) -> Result<(), StoreError> {
    for text in answer.to_send {
        let mut message = left(engagement, text, hub.clock.now());
        message.attempt = FIRST_REPLY;
        let sent = hub.simulator.take_reply(message, engagement.test_mode).await;
        sent.map_err(|error| StoreError::OutOfOrder(error.to_string()))?;
    }
    Ok(())
}

fn spoken(line: Line, conversation: &Conversation) -> String {
    let language =
        conversation.content.as_ref().map(|content| content.language).unwrap_or(hub_models::channel::Language::En);
    line.in_language(language)
}

async fn call_goes_on(
    hub: &Hub,
    engagement: Engagement,
    content: Option<Content>,
    part: Part,
) -> Result<(), TalkError> {
    let (id, public_url) = (engagement.engagement_id, hub.settings.public_url.as_ref());
    // Only what a model wrote cannot be made again.
    let conversation = match engagement.is_conversation() || hub.converser.thinks() {
        true => load(hub, id).await?,
        false => Conversation { engagement, content, heard: Default::default(), transcript: Vec::new() },
    };
    let lines: Vec<String> = part.says.iter().map(|line| spoken(*line, &conversation)).collect();
    let mut transferred = usize::from(conversation.heard.contains_key("transferred"));
    let mut step = resumed(hub, conversation, part.answered_by).await?;
    for _ in 0..MOST_STEPS {
        step = match step.then {
            Then::HangUp | Then::Wait { .. } if held_or_over(hub, id, &step).await? => return Ok(()),
            Then::HangUp => return Ok(()),
            Then::Wait { turn } => heard(hub, id, (turn, None), public_url).await?,
            Then::Transfer { agent } => {
                transferred += 1;
                transfer_ended(hub, id, hub.simulator.answers(&agent)).await?
            }
            Then::Listen { turn } => {
                let place = usize::try_from(turn).unwrap_or(usize::MAX).saturating_sub(1 + transferred);
                match (lines.get(place), part.after) {
                    (Some(line), _) => heard(hub, id, (turn, Some(line)), public_url).await?,
                    (None, After::HangsUp) => return call_ended(hub, id, CallEnd::HungUp).await,
                    (None, After::IsSilent) => heard(hub, id, (turn, None), public_url).await?,
                }
            }
        };
    }
    Ok(())
}

/// Where a call goes on that was broken off: at its last turn, or at its beginning.
async fn resumed(hub: &Hub, conversation: Conversation, by: AnsweredBy) -> Result<CallStep, TalkError> {
    match conversation.engagement.talk.as_ref().map(|talk| talk.turn) {
        Some(turn) => Ok(CallStep::listen(Vec::new(), turn)),
        None => answer(hub, conversation, by).await,
    }
}

/// A held call waits for its owner; the simulated line does not ask again by itself.
async fn held_or_over(hub: &Hub, id: EngagementId, step: &CallStep) -> Result<bool, StoreError> {
    if step.then == Then::HangUp {
        return Ok(true);
    }
    Ok(hub.store.engagement(id).await?.is_none_or(|engagement| engagement.state != State::InProgress))
}

/// A contact that is played by hand rings until it is answered, or too long.
pub(crate) async fn ring(hub: &Hub, engagement: Engagement) -> Result<(), TalkError> {
    if engagement.awaits_messages() {
        let conversation = begun(hub, load(hub, engagement.engagement_id).await?).await?;
        return Ok(wait_for_contact(hub, conversation.engagement).await?);
    }
    if engagement.talk.is_some() {
        return Ok(());
    }
    let now = hub.clock.now();
    let until = engagement.started_at.unwrap_or(now) + RINGS_FOR;
    if now >= until {
        let reason = "Nobody answered.".to_owned();
        return call_ended(hub, engagement.engagement_id, CallEnd::NotReached { outcome: Outcome::NoAnswer, reason })
            .await;
    }
    let moved = transition(hub, engagement, Event::Released { look_again: until }, &[]).await?;
    moved.map(drop).or(Ok(()))
}

/// What came of something that was done by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Played {
    /// The engagement; none where the message belongs to no conversation.
    pub engagement_id: Option<EngagementId>,
    /// What the hub says to it.
    pub said: Vec<String>,
    /// What comes then, in a call.
    pub then: Option<Then>,
}

/// Why a contact could not be played by hand.
#[derive(Debug, thiserror::Error)]
pub enum HandError {
    /// No call to the contact rings or goes on.
    #[error(
        "No call to this contact is in progress on domain \"{0}\"; start one, and wait until its status is In Progress."
    )]
    NoCall(DomainName),
    /// The call must be answered first.
    #[error("The call rings; answer it first.")]
    Rings,
    /// The conversation could not go on.
    #[error(transparent)]
    Talk(#[from] TalkError),
}

impl From<StoreError> for HandError {
    fn from(error: StoreError) -> Self {
        Self::Talk(error.into())
    }
}

/// The contact says or writes something.
///
/// # Errors
/// When there is no call that it could be said in, or a table cannot be used.
pub async fn reply_by_hand(
    hub: &Hub,
    domain: &DomainName,
    channel: Channel,
    contact: &Contact,
    text: &str,
) -> Result<Played, HandError> {
    if channel.is_voice() {
        let engagement = call_with(hub, domain, contact).await?;
        let turn = engagement.talk.as_ref().ok_or(HandError::Rings)?.turn;
        let step = heard(hub, engagement.engagement_id, (turn, Some(text)), hub.settings.public_url.as_ref()).await?;
        return step_played(hub, engagement.engagement_id, step).await;
    }
    let message_id = Uuid::new_v4().simple().to_string();
    let (domain, from, text) = (domain.clone(), contact.clone(), text.to_owned());
    let public_url = hub.settings.public_url.clone();
    let answer = message_in(hub, Inbound { message_id, domain, channel, from, text, public_url }).await?;
    let MessageAnswer { engagement_id, sent, to_send } = answer;
    Ok(Played { engagement_id, said: [sent, to_send].concat(), then: None })
}

/// The contact picks up.
///
/// # Errors
/// When no call rings, or a table cannot be used.
pub async fn pick_up_by_hand(hub: &Hub, domain: &DomainName, contact: &Contact) -> Result<Played, HandError> {
    let id = call_with(hub, domain, contact).await?.engagement_id;
    let step = answer(hub, load(hub, id).await?, AnsweredBy::Human).await?;
    step_played(hub, id, step).await
}

/// The contact declines the call.
///
/// # Errors
/// When no call rings, or a table cannot be used.
pub async fn decline_by_hand(hub: &Hub, domain: &DomainName, contact: &Contact) -> Result<Played, HandError> {
    let reason = "The contact declined the call.".to_owned();
    end_by_hand(hub, domain, contact, CallEnd::NotReached { outcome: Outcome::Rejected, reason }).await
}

/// The contact hangs up.
///
/// # Errors
/// When no call is in progress, or a table cannot be used.
pub async fn hang_up_by_hand(hub: &Hub, domain: &DomainName, contact: &Contact) -> Result<Played, HandError> {
    end_by_hand(hub, domain, contact, CallEnd::HungUp).await
}

async fn end_by_hand(hub: &Hub, domain: &DomainName, contact: &Contact, end: CallEnd) -> Result<Played, HandError> {
    let id = call_with(hub, domain, contact).await?.engagement_id;
    call_ended(hub, id, end).await?;
    Ok(Played { engagement_id: Some(id), said: Vec::new(), then: Some(Then::HangUp) })
}

/// What is said with a step. A call to the agent is over at once.
async fn step_played(hub: &Hub, id: EngagementId, step: CallStep) -> Result<Played, HandError> {
    let CallStep { say: mut said, mut then } = step;
    if let Then::Transfer { agent } = &then {
        let after = transfer_ended(hub, id, hub.simulator.answers(agent)).await?;
        said.extend(after.say);
        then = after.then;
    }
    Ok(Played { engagement_id: Some(id), said, then: Some(then) })
}

/// The newest call with a contact that rings or goes on.
async fn call_with(hub: &Hub, domain: &DomainName, contact: &Contact) -> Result<Engagement, HandError> {
    let filter = EngagementFilter { contact: Some(contact.as_str().to_owned()), ..EngagementFilter::default() };
    let since = hub.clock.now() + -SignedDuration::from_hours(24);
    let page = hub.store.engagements(domain, since, &filter, None, LOOKED_AT).await?;
    let live = |engagement: &Engagement| {
        engagement.channel.is_voice() && matches!(engagement.state, State::InProgress | State::OnHold)
    };
    page.items.into_iter().find(live).ok_or_else(|| HandError::NoCall(domain.clone()))
}

/// How many engagements of a contact are looked at for its call.
const LOOKED_AT: usize = 20;
