//! Messages: an inbound one finds its conversation by the contact it comes from, and is answered by another one.

use std::collections::HashSet;
use std::time::Duration;

use hub_models::channel::{Channel, Language};
use hub_models::contact::Contact;
use hub_models::domain::DomainName;
use hub_models::engagement::{Engagement, Event, Role, State, Turn};
use hub_models::id::EngagementId;
use hub_models::moment::Moment;
use hub_models::talk::{Ending, Outgoing, Talk, opt_wish};
use hub_models::text::Line;
use hub_store::{Conversation, Heard, StoreError};
use jiff::SignedDuration;
use tracing::Instrument;
use url::Url;

use super::begin::{MESSAGE, begin};
use super::calendar::teller_of;
use super::decide::{Decision, Open, Then, Undecided, decide};
use super::opting;
use super::record::{Recorded, TurnTaken, write};
use super::reply::send_reply;
use super::{MOST_TRIES, TalkError, load, too_lively};
use crate::Hub;
use crate::spans::engagement_span;
use crate::transition::transition_hearing;

/// How long whoever leads the conversation may think about a message.
const PATIENCE: Duration = Duration::from_secs(12);

/// How often it is asked again before the hub gives up.
const MOST_FAILURES: u32 = 4;

/// A message that came in.
#[derive(Clone, Debug)]
pub struct Inbound {
    /// The carrier's id of it, by which it is known when it is brought again.
    pub message_id: String,
    /// The domain whose sender it was written to.
    pub domain: DomainName,
    /// The channel: SMS or WhatsApp.
    pub channel: Channel,
    /// Who wrote it.
    pub from: Contact,
    /// What it says.
    pub text: String,
    /// Where it has reached the hub, for the links in the answer.
    pub public_url: Option<Url>,
}

/// What became of a message that came in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageAnswer {
    /// The engagement that it belongs to.
    pub engagement_id: Option<EngagementId>,
    /// What the hub has answered by itself, with a message of its own.
    pub sent: Vec<String>,
    /// What is left for the carrier to send back.
    pub to_send: Vec<String>,
}

/// Takes a message that came in. Brought again, it changes nothing and has no answer.
///
/// # Errors
/// When a table cannot be used, or the engagement that it belongs to is being sent at this moment.
pub async fn message_in(hub: &Hub, message: Inbound) -> Result<MessageAnswer, TalkError> {
    match partner(hub, &message).await? {
        Partner::Open(open) => message_to(hub, Some(*open), message).await,
        Partner::Nobody => message_to(hub, None, message).await,
        Partner::BeingSent(sending) => {
            // What the contact wishes counts from now on, whatever becomes of what is being sent.
            if let Some((wish, _)) = opt_wish(&message.text, language_of(&sending)).filter(|_| !is_test(&sending)) {
                opting::carry_out(hub, &message.domain, message.channel, &message.from, wish).await?;
            }
            Err(TalkError::NotYet(sending.engagement.engagement_id))
        }
    }
}

/// The same where nobody can wait any longer for an engagement that is being sent: a wish is confirmed on its own, and anything
/// else is kept until the conversation begins.
///
/// # Errors
/// When a table cannot be used.
pub async fn message_in_at_last(hub: &Hub, message: Inbound) -> Result<MessageAnswer, TalkError> {
    let Partner::BeingSent(sending) = partner(hub, &message).await? else { return message_in(hub, message).await };
    match opt_wish(&message.text, language_of(&sending)) {
        Some(wish) => opting::opted(hub, &message, None, wish).await,
        None => keep_for_later(hub, *sending, &message).await,
    }
}

async fn keep_for_later(hub: &Hub, sending: Conversation, message: &Inbound) -> Result<MessageAnswer, TalkError> {
    let id = sending.engagement.engagement_id;
    let heard = Heard::unanswered(&key(&message.message_id), Some(&message.text));
    if !sending.heard.contains_key(&heard.key) {
        let written = Line::<300>::beginning(&message.text).map_or(String::new(), |line| line.to_string());
        let event = Event::Noted { detail: format!("The contact wrote while it was being sent: {written}") };
        // The same words twice are noted and answered once.
        transition_hearing(hub, sending.engagement, event, &[], Some(&heard)).await?.map(drop).unwrap_or_default();
    }
    Ok(MessageAnswer { engagement_id: Some(id), ..MessageAnswer::default() })
}

/// Takes a message that belongs to this conversation, or to none.
pub(super) async fn message_to(
    hub: &Hub,
    open: Option<Conversation>,
    message: Inbound,
) -> Result<MessageAnswer, TalkError> {
    let spoken = open.as_ref().and_then(language_of);
    if let Some(wish) = opt_wish(&message.text, spoken) {
        return opting::opted(hub, &message, open, wish).await;
    }
    let Some(conversation) = open else {
        tracing::info!(channel = %message.channel, "a message that belongs to no conversation was kept out");
        return Ok(MessageAnswer::default());
    };
    let id = conversation.engagement.engagement_id;
    let sent = converse(hub, conversation, &message).instrument(engagement_span(id)).await?;
    Ok(MessageAnswer { engagement_id: Some(id), sent, to_send: Vec::new() })
}

/// A test changes nothing for the contact.
pub(super) fn is_test(conversation: &Conversation) -> bool {
    conversation.engagement.test_mode
}

fn language_of(conversation: &Conversation) -> Option<Language> {
    conversation.content.as_ref().map(|content| content.language)
}

/// Whom a message belongs to.
enum Partner {
    /// The newest conversation with the contact that has not ended.
    Open(Box<Conversation>),
    /// One that is being sent at this moment.
    BeingSent(Box<Conversation>),
    /// No conversation.
    Nobody,
}

async fn partner(hub: &Hub, message: &Inbound) -> Result<Partner, TalkError> {
    let Inbound { domain, channel, from, .. } = message;
    let pair = match channel {
        // WhatsApp lets the hub write freely for a day after it was written to.
        Channel::Wmsg => hub.store.heard_from(domain, *channel, from).await?,
        _ => hub.store.pair(domain, *channel, from).await?,
    };
    let mut found = Partner::Nobody;
    for id in distinct(pair.engagements()) {
        let Some(conversation) = hub.store.conversation(id).await? else { continue };
        match conversation.engagement.state {
            State::InProgress | State::OnHold => return Ok(Partner::Open(Box::new(conversation))),
            State::Dispatching if matches!(found, Partner::Nobody) => {
                found = Partner::BeingSent(Box::new(conversation))
            }
            _ => {}
        }
    }
    Ok(found)
}

/// Each once.
pub(super) fn distinct(ids: impl Iterator<Item = EngagementId>) -> impl Iterator<Item = EngagementId> {
    let mut seen = HashSet::new();
    ids.filter(move |id| seen.insert(*id))
}

/// The key of a message, kept apart from the keys of call turns.
pub(super) fn key(message_id: &str) -> String {
    format!("{MESSAGE}{message_id}")
}

/// The conversation, which has begun: a reply may be faster than the record of what it replies to.
pub(super) async fn begun(hub: &Hub, conversation: Conversation) -> Result<Conversation, TalkError> {
    if conversation.engagement.talk.is_some() {
        return Ok(conversation);
    }
    let id = conversation.engagement.engagement_id;
    begin(hub, conversation).await?;
    load(hub, id).await
}

/// Begins the conversation of an engagement whose opening has just been sent as a message.
pub(crate) async fn begin_sent(hub: &Hub, engagement: Engagement) -> Result<Engagement, StoreError> {
    if !engagement.awaits_messages() || engagement.state != State::InProgress || engagement.talk.is_some() {
        return Ok(engagement);
    }
    match hub.store.conversation(engagement.engagement_id).await? {
        Some(conversation) => begin(hub, conversation).await,
        None => Ok(engagement),
    }
}

/// Answers a message of a conversation and gives what was answered.
async fn converse(hub: &Hub, open: Conversation, message: &Inbound) -> Result<Vec<String>, TalkError> {
    let mut conversation = open;
    let id = conversation.engagement.engagement_id;
    let key = key(&message.message_id);
    let public_url = message.public_url.as_ref();
    for _ in 0..MOST_TRIES {
        conversation = begun(hub, conversation).await?;
        let held = conversation.engagement.state == State::OnHold;
        let known = conversation.heard.contains_key(&key) || conversation.engagement.state.is_final();
        if known {
            return Ok(Vec::new());
        }
        // What takes thought, or must wait, is kept first: whoever thinks may not come to an end.
        if held || hub.converser.thinks() || is_behind(&conversation) {
            match keep(hub, &conversation, &key, &message.text).await? {
                Some(_) if held || is_sending(&conversation) => return Ok(Vec::new()),
                Some(_) => return answer_what_waits(hub, id, public_url).await,
                None => {}
            }
        } else if let Some(said) = answer(hub, &conversation, public_url, Some(&key), &message.text).await? {
            return Ok(said);
        }
        conversation = load(hub, id).await?;
    }
    Err(too_lively(id))
}

/// Whether a reply is on its way, so that the next one has to wait for it.
fn is_sending(conversation: &Conversation) -> bool {
    conversation.engagement.talk.as_ref().is_some_and(|talk| talk.outgoing.is_some())
}

/// Whether a reply, or what comes before it, must come first.
fn is_behind(conversation: &Conversation) -> bool {
    is_sending(conversation) || conversation.engagement.talk.as_ref().is_some_and(|talk| talk.unanswered)
}

async fn keep(hub: &Hub, conversation: &Conversation, key: &str, text: &str) -> Result<Option<Engagement>, StoreError> {
    let now = hub.clock.now();
    let Some(talk) = conversation.engagement.talk.as_deref() else { return Ok(None) };
    let said = vec![Turn { role: Role::User, content: text.to_owned(), timestamp: now }];
    let talk = Talk { heard: true, unanswered: true, last_at: now, ..talk.saying(&said) };
    let heard = Some(Heard::unanswered(key, Some(text)));
    let look_again = now + hub.settings.pace.lease;
    let taken = TurnTaken { talk, said, heard, ended: None, note: None, look_again };
    Ok(match write(hub, conversation.engagement.clone(), taken).await? {
        Recorded::Written(engagement) => Some(*engagement),
        Recorded::Overtaken => None,
    })
}

/// Answers everything that was heard since the hub last said something. `public_url` is where the hub is reached.
pub(super) async fn answer_what_waits(
    hub: &Hub,
    id: EngagementId,
    public_url: Option<&Url>,
) -> Result<Vec<String>, TalkError> {
    for _ in 0..MOST_TRIES {
        let conversation = load(hub, id).await?;
        let engagement = &conversation.engagement;
        let waits = engagement.talk.as_ref().is_some_and(|talk| talk.unanswered && talk.outgoing.is_none());
        if engagement.state != State::InProgress || !waits {
            return Ok(Vec::new());
        }
        let waiting = conversation.transcript.iter().rev().take_while(|turn| turn.role == Role::User);
        let mut texts: Vec<&str> = waiting.map(|turn| turn.content.as_str()).collect();
        texts.reverse();
        if let Some(said) = answer(hub, &conversation, public_url, None, &texts.join("\n")).await? {
            return Ok(said);
        }
    }
    Err(too_lively(id))
}

/// Answers what was heard, which is new where it has a key; nothing where something else happened meanwhile.
async fn answer(
    hub: &Hub,
    conversation: &Conversation,
    public_url: Option<&Url>,
    key: Option<&str>,
    text: &str,
) -> Result<Option<Vec<String>>, TalkError> {
    let engagement = &conversation.engagement;
    let domain = hub.store.domain_cached(&engagement.domain_name).await?;
    let (Some(talk), Some(content), Some(domain)) = (engagement.talk.as_deref(), &conversation.content, domain) else {
        return Ok(Some(Vec::new()));
    };
    let teller = teller_of(hub, engagement, &domain).await?;
    let open = Open { hub, engagement, content, teller, talk, transcript: &conversation.transcript, public_url };
    let decision = match decide(&open, text, PATIENCE).await? {
        Ok(decision) => decision,
        Err(Undecided::Slow | Undecided::Down) if talk.failures < MOST_FAILURES => {
            return think_again(hub, engagement, talk).await.map(Some);
        }
        Err(Undecided::Slow | Undecided::Down) => open.give_up(),
    };
    let now = hub.clock.now();
    let said = decision.say.clone();
    let taken = taken(talk, decision, key.map(|key| (key, text)), now, hub.settings.pace.lease);
    match write(hub, engagement.clone(), taken).await? {
        Recorded::Written(engagement) => {
            send_reply(hub, *engagement).await?;
            Ok(Some(vec![said]))
        }
        Recorded::Overtaken => Ok(None),
    }
}

/// Whoever leads the conversation is asked again later.
async fn think_again(hub: &Hub, engagement: &Engagement, talk: &Talk) -> Result<Vec<String>, TalkError> {
    let now = hub.clock.now();
    let failures = talk.failures + 1;
    let at = now + hub_models::retry::backoff(failures, rand::random());
    let talk = Talk { failures, unanswered: true, ..talk.clone() };
    let plan = hub.settings.pace.plan(at, now);
    let taken = TurnTaken { talk, said: Vec::new(), heard: None, ended: None, note: None, look_again: plan.due_at };
    if let (Recorded::Written(engagement), Some(delay)) = (write(hub, engagement.clone(), taken).await?, plan.delay) {
        crate::enqueue::enqueue(hub, &engagement, delay).await;
    }
    Ok(Vec::new())
}

/// The turn with its reply, which its writer is to send.
fn taken(
    before: &Talk,
    decision: Decision,
    new: Option<(&str, &str)>,
    now: Moment,
    lease: SignedDuration,
) -> TurnTaken {
    let Decision { say, then, note, asked, lost, offered } = decision;
    let turn = |role, content: &str| Turn { role, content: content.to_owned(), timestamp: now };
    let mut said: Vec<Turn> = new.iter().map(|(_, text)| turn(Role::User, text)).collect();
    said.push(turn(Role::Assistant, &say));
    let ending = match then {
        Then::End(ended) => Some(Ending::from(ended)),
        Then::Listen | Then::Transfer => None,
    };
    let number = before.replies + 1;
    let talk = Talk {
        turn: before.turn + 1,
        heard: true,
        unanswered: false,
        failures: 0,
        last_at: now,
        asked,
        lost,
        offered,
        replies: number,
        outgoing: Some(Outgoing { number, text: say, since: Some(now) }),
        ending,
        ..before.saying(&said)
    };
    let heard = new.map(|(key, text)| Heard::unanswered(key, Some(text)));
    TurnTaken { talk, said, heard, ended: None, note, look_again: now + lease }
}
