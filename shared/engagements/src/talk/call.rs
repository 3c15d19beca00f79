//! Calls: each turn of the contact is one request of the carrier, which is given the next step.

use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use hub_models::channel::EngagementType;
use hub_models::engagement::{Ended, Engagement, Event, Outcome as End, Role, State, Turn};
use hub_models::id::EngagementId;
use hub_models::moment::Moment;
use hub_models::talk::{AnsweredBy, Asked, CallStep, Talk, Then as Step};
use hub_models::wording::Conversing;
use hub_store::{Conversation, Heard};
use jiff::SignedDuration;
use tracing::Instrument;
use url::Url;

use super::begin::{Opening, laid_down_for, opening_of};
use super::calendar::teller_of;
use super::decide::{Decision, Open, Then, Undecided, decide};
use super::record::{Recorded, TurnTaken, write};
use super::{MOST_TRIES, TalkError, load, too_lively};
use crate::Hub;
use crate::spans::engagement_span;
use crate::transition::transition;

/// How long the contact waits for an answer before it is told that it takes a moment.
const PATIENCE: Duration = Duration::from_secs(4);

/// How long it waits after that.
const LAST_PATIENCE: Duration = Duration::from_secs(10);

/// When to look after a call of which nothing more was heard.
const LONG_CALL: SignedDuration = SignedDuration::from_hours(1);

/// How a call ended without the hub's doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallEnd {
    /// It was answered, and its line is down.
    HungUp,
    /// It was never answered.
    NotReached {
        /// The outcome.
        outcome: End,
        /// What the carrier said, in words.
        reason: String,
    },
}

/// The call of this attempt was answered: gives the opening.
///
/// # Errors
/// When there is no such engagement, it is not recorded yet, or a table cannot be used.
pub async fn answered(hub: &Hub, id: EngagementId, attempt: u32, by: AnsweredBy) -> Result<CallStep, TalkError> {
    let span = engagement_span(id);
    async {
        let conversation = load(hub, id).await?;
        if conversation.engagement.attempt != attempt {
            return Ok(CallStep::hang_up(Vec::new()));
        }
        answer(hub, conversation, by).await
    }
    .instrument(span)
    .await
}

/// What was heard in a turn of the call, if anything: gives the next step. The same turn gives the same step. `public_url` is
/// where the hub is reached.
///
/// It may come to a booking and what is sent of that, which is deep: it lies on the heap, not on its caller's stack.
///
/// # Errors
/// When there is no such engagement or a table cannot be used.
pub fn heard<'a>(
    hub: &'a Hub,
    id: EngagementId,
    (turn, speech): (u32, Option<&'a str>),
    public_url: Option<&'a Url>,
) -> BoxFuture<'a, Result<CallStep, TalkError>> {
    let speech = speech.map(str::trim).filter(|speech| !speech.is_empty());
    take_turn(hub, id, (turn, speech), public_url).instrument(engagement_span(id)).boxed()
}

/// The call to the agent is over. Where the agent was not reached, the contact is asked when to call back.
///
/// # Errors
/// When there is no such engagement or a table cannot be used.
pub async fn transfer_ended(hub: &Hub, id: EngagementId, reached: bool) -> Result<CallStep, TalkError> {
    after_transfer(hub, id, reached).instrument(engagement_span(id)).await
}

/// The line is down. A conversation that the hub has brought to its end stays as it ended.
///
/// # Errors
/// When there is no such engagement or a table cannot be used.
pub async fn call_ended(hub: &Hub, id: EngagementId, end: CallEnd) -> Result<(), TalkError> {
    let span = engagement_span(id);
    async {
        let engagement = hub.store.engagement(id).await?.ok_or(TalkError::Unknown(id))?;
        if engagement.state.is_final() {
            return Ok(());
        }
        let Ended { reached, outcome, summary } = how_it_ended(&engagement, end);
        let moved = transition(hub, engagement, Event::Ended { reached, outcome, summary }, &[]).await?;
        moved.map(drop).or(Ok(()))
    }
    .instrument(span)
    .await
}

/// How a conversation ended whose line is down.
pub(crate) fn how_it_ended(engagement: &Engagement, end: CallEnd) -> Ended {
    let talk = engagement.talk.as_ref();
    let reached = |outcome, summary: &str| Ended { reached: true, outcome, summary: summary.to_owned() };
    match end {
        CallEnd::NotReached { outcome, reason } => Ended { reached: false, outcome, summary: reason },
        CallEnd::HungUp if talk.is_some_and(|talk| talk.asked == Asked::ToHold) => {
            reached(End::Conversed, "The call ended when the contact was with the agent, or was being connected.")
        }
        CallEnd::HungUp if talk.is_some_and(|talk| talk.heard) => reached(End::Conversed, "The contact hung up."),
        CallEnd::HungUp => reached(End::Answered, "The contact answered and hung up."),
    }
}

/// The key of what is heard when the call is answered.
const ANSWERED: &str = "answered";

/// The key of the agent's call.
const TRANSFERRED: &str = "transferred";

pub(super) async fn answer(hub: &Hub, conversation: Conversation, by: AnsweredBy) -> Result<CallStep, TalkError> {
    let mut conversation = conversation;
    let id = conversation.engagement.engagement_id;
    for _ in 0..MOST_TRIES {
        let engagement = &conversation.engagement;
        if let Some(step) = given(&conversation, ANSWERED) {
            return Ok(step);
        }
        match engagement.state {
            State::InProgress => {}
            State::OnHold => return Ok(hold(&conversation, 0)),
            state if state.is_final() => return Ok(CallStep::hang_up(Vec::new())),
            _ => return Err(TalkError::NotYet(id)),
        }
        let (taken, step) = opened(&conversation, by, hub.clock.now());
        match write(hub, engagement.clone(), taken).await? {
            Recorded::Written(_) => return Ok(step),
            Recorded::Overtaken => conversation = load(hub, id).await?,
        }
    }
    Err(too_lively(id))
}

fn opened(conversation: &Conversation, by: AnsweredBy, now: Moment) -> (TurnTaken, CallStep) {
    let opening = opening_to(conversation, by);
    let ended = match (conversation.engagement.engagement_type, by) {
        (_, AnsweredBy::Machine) => Some((End::Voicemail, "A machine answered, and the message was left on it.")),
        (EngagementType::Informational, AnsweredBy::Human | AnsweredBy::Unknown) => {
            Some((End::Answered, "The contact answered and heard the message."))
        }
        _ => None,
    };
    let ended = ended.map(|(outcome, summary)| Ended { reached: true, outcome, summary: summary.to_owned() });
    let talk = Talk { entries: 1, offered: opening.offered, ..Talk::begun(now) };
    let step = match ended {
        Some(_) => CallStep::hang_up(vec![opening.text.clone()]),
        None => CallStep::listen(vec![opening.text.clone()], 1),
    };
    let content = opening.recorded_as.unwrap_or(opening.text);
    let said = vec![Turn { role: Role::Assistant, content, timestamp: now }];
    let heard = Some(Heard::answered(ANSWERED, None, step.clone()));
    (TurnTaken { talk, said, heard, ended, note: None, look_again: now + LONG_CALL }, step)
}

/// What whoever has answered is told first: the words that are laid down for that, where there are any.
fn opening_to(conversation: &Conversation, by: AnsweredBy) -> Opening {
    let laid_down = conversation.content.as_ref().and_then(|content| laid_down_for(content, by));
    laid_down.unwrap_or_else(|| opening_of(conversation))
}

/// The step that this was answered with.
fn given(conversation: &Conversation, key: &str) -> Option<CallStep> {
    conversation.heard.get(key)?.answer.clone()
}

/// The hub is held: it says so and waits.
fn hold(conversation: &Conversation, turn: u32) -> CallStep {
    let language = conversation.content.as_ref().map(|content| content.language);
    let say = language.map(|language| Conversing::of(language).one_moment.to_owned());
    CallStep { say: say.into_iter().collect(), then: Step::Wait { turn } }
}

async fn take_turn(
    hub: &Hub,
    id: EngagementId,
    (turn, speech): (u32, Option<&str>),
    public_url: Option<&Url>,
) -> Result<CallStep, TalkError> {
    let key = format!("turn-{turn}");
    for _ in 0..MOST_TRIES {
        let conversation = load(hub, id).await?;
        if let Some(step) = given(&conversation, &key) {
            return Ok(step);
        }
        if conversation.engagement.state.is_final() {
            return Ok(CallStep::hang_up(Vec::new()));
        }
        let Some(talk) = conversation.engagement.talk.clone().filter(|_| turn > 0) else {
            return answer(hub, conversation, AnsweredBy::Human).await;
        };
        if turn != talk.turn {
            return Ok(CallStep::listen(Vec::new(), talk.turn));
        }
        if let Some(step) = one_turn(hub, &conversation, &talk, (&key, speech), public_url).await? {
            return Ok(step);
        }
    }
    Err(too_lively(id))
}

/// Takes a turn that was not answered yet; nothing where something else happened meanwhile.
async fn one_turn(
    hub: &Hub,
    conversation: &Conversation,
    talk: &Talk,
    (key, speech): (&str, Option<&str>),
    public_url: Option<&Url>,
) -> Result<Option<CallStep>, TalkError> {
    let engagement = &conversation.engagement;
    let domain = hub.store.domain_cached(&engagement.domain_name).await?;
    let (Some(domain), Some(content)) = (domain, &conversation.content) else {
        return Ok(Some(CallStep::hang_up(Vec::new())));
    };
    let kept = conversation.heard.get(key);
    let heard = kept.and_then(|kept| kept.text.as_deref()).or(speech);
    let teller = teller_of(hub, engagement, &domain).await?;
    let open = Open { hub, engagement, content, teller, talk, transcript: &conversation.transcript, public_url };
    let turn = CallTurn { hub, open, key, heard, again: kept.is_some() };
    if engagement.state == State::OnHold {
        return turn.keep(hold(conversation, talk.turn)).await;
    }
    let Some(speech) = heard else {
        let decision = turn.open.nothing_heard();
        return turn.take(decision).await;
    };
    let patience = if turn.again { LAST_PATIENCE } else { PATIENCE };
    match decide(&turn.open, speech, patience).await? {
        Ok(decision) => turn.take(decision).await,
        Err(Undecided::Slow) if !turn.again => turn.keep(hold(conversation, talk.turn)).await,
        Err(Undecided::Slow | Undecided::Down) => {
            let decision = turn.open.give_up();
            turn.take(decision).await
        }
    }
}

/// A turn of a call.
struct CallTurn<'a> {
    hub: &'a Hub,
    open: Open<'a>,
    key: &'a str,
    heard: Option<&'a str>,
    /// Whether it was heard before and is asked for again.
    again: bool,
}

impl CallTurn<'_> {
    /// What the contact said, if the transcript does not have it yet.
    fn entry(&self, now: Moment) -> Option<Turn> {
        let said = self.heard.filter(|_| !self.again)?;
        Some(Turn { role: Role::User, content: said.to_owned(), timestamp: now })
    }

    /// Keeps what was heard until it can be answered.
    async fn keep(&self, step: CallStep) -> Result<Option<CallStep>, TalkError> {
        if self.again {
            // It was said once that this takes a moment.
            return Ok(Some(CallStep { say: Vec::new(), ..step }));
        }
        let now = self.hub.clock.now();
        let said: Vec<Turn> = self.entry(now).into_iter().collect();
        let talk = Talk {
            unanswered: true,
            heard: self.open.talk.heard || !said.is_empty(),
            last_at: now,
            ..self.open.talk.saying(&said)
        };
        let heard = Some(Heard::unanswered(self.key, self.heard));
        let taken = TurnTaken { talk, said, heard, ended: None, note: None, look_again: now + LONG_CALL };
        self.write(taken, step).await
    }

    async fn take(&self, decision: Decision) -> Result<Option<CallStep>, TalkError> {
        let now = self.hub.clock.now();
        let before = self.open.talk;
        let Decision { say, then, note, asked, lost, offered } = decision;
        let mut said: Vec<Turn> = self.entry(now).into_iter().collect();
        said.push(Turn { role: Role::Assistant, content: say.clone(), timestamp: now });
        let talk = Talk {
            turn: before.turn + 1,
            heard: before.heard || self.heard.is_some(),
            unanswered: false,
            last_at: now,
            asked,
            lost,
            offered,
            ..before.saying(&said)
        };
        let (step, ended) = match (then, &self.open.engagement.user_phone_number) {
            (Then::End(ended), _) => (CallStep::hang_up(vec![say]), Some(ended)),
            (Then::Transfer, Some(agent)) => {
                (CallStep { say: vec![say], then: Step::Transfer { agent: agent.clone() } }, None)
            }
            (Then::Transfer | Then::Listen, _) => (CallStep::listen(vec![say], talk.turn), None),
        };
        let heard = Some(Heard::answered(self.key, self.heard, step.clone()));
        self.write(TurnTaken { talk, said, heard, ended, note, look_again: now + LONG_CALL }, step).await
    }

    async fn write(&self, taken: TurnTaken, step: CallStep) -> Result<Option<CallStep>, TalkError> {
        Ok(match write(self.hub, self.open.engagement.clone(), taken).await? {
            Recorded::Written(_) => Some(step),
            Recorded::Overtaken => None,
        })
    }
}

async fn after_transfer(hub: &Hub, id: EngagementId, reached: bool) -> Result<CallStep, TalkError> {
    for _ in 0..MOST_TRIES {
        let conversation = load(hub, id).await?;
        if let Some(step) = given(&conversation, TRANSFERRED) {
            return Ok(step);
        }
        let (engagement, content) = (&conversation.engagement, &conversation.content);
        let domain = hub.store.domain_cached(&engagement.domain_name).await?;
        let (Some(talk), Some(content), Some(domain)) = (engagement.talk.as_deref(), content, domain) else {
            return Ok(CallStep::hang_up(Vec::new()));
        };
        if engagement.state.is_final() || talk.asked != Asked::ToHold {
            return Ok(CallStep::hang_up(Vec::new()));
        }
        let teller = teller_of(hub, engagement, &domain).await?;
        // Nothing is booked by a call to the agent.
        let transcript = &conversation.transcript;
        let open = Open { hub, engagement, content, teller, talk, transcript, public_url: None };
        let turn = CallTurn { hub, open, key: TRANSFERRED, heard: None, again: false };
        let step = if reached { turn.connected().await? } else { turn.not_connected().await? };
        if let Some(step) = step {
            return Ok(step);
        }
    }
    Err(too_lively(id))
}

impl CallTurn<'_> {
    async fn connected(&self) -> Result<Option<CallStep>, TalkError> {
        let now = self.hub.clock.now();
        let step = CallStep::hang_up(Vec::new());
        let summary = "The contact was connected to the agent.".to_owned();
        let ended = Some(Ended { reached: true, outcome: End::Conversed, summary });
        let heard = Some(Heard::answered(self.key, None, step.clone()));
        let talk = Talk { last_at: now, asked: Asked::Purpose, ..self.open.talk.clone() };
        let taken = TurnTaken { talk, said: Vec::new(), heard, ended, note: None, look_again: now + LONG_CALL };
        self.write(taken, step).await
    }

    async fn not_connected(&self) -> Result<Option<CallStep>, TalkError> {
        let note = Some("The agent did not answer.".to_owned());
        self.take(Decision { note, ..self.open.ask_for_callback() }).await
    }
}
