//! An engagement: one contact, one channel, one purpose, followed from its acceptance to its end.

mod accepted;
mod hindrance;
mod state;
mod transition;

pub use accepted::Accepted;
pub use hindrance::Hindrance;
pub use state::{Outcome, State, WireStatus};
pub use transition::{Change, Counting, Ended, Event, Refusal, Taken};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::batch::{BatchRow, RowStage};
use crate::channel::{Channel, EngagementType, Language};
use crate::contact::{Contact, PhoneNumber};
use crate::domain::DomainName;
use crate::email::EmailContent;
use crate::id::{AccountId, CallSid, EngagementId};
use crate::moment::Moment;
use crate::scenario::{CallTrigger, Scenario};
use crate::script::Scripts;
use crate::start::Source;
use crate::talk::AnsweredBy;
use crate::talk::Talk;
use crate::text::{ForeignId, Instruction, Name};

/// An engagement without its content: what every step reads and writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engagement {
    /// Its identifier.
    pub engagement_id: EngagementId,
    /// The owner.
    pub account_id: AccountId,
    /// The tenant.
    pub domain_name: DomainName,
    /// Counts the transitions; each is written only over the one before it.
    pub version: u64,
    /// Where it stands.
    pub state: State,
    /// What its owner asked for while a dispatcher had it; done as soon as it comes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wish: Option<Wish>,
    /// The channel.
    pub channel: Channel,
    /// The purpose.
    #[serde(rename = "type")]
    pub engagement_type: EngagementType,
    /// The contact.
    pub contact: Contact,
    /// The contact's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_name: Option<Name>,
    /// The agent it may be connected to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_phone_number: Option<PhoneNumber>,
    /// Where it comes from.
    #[serde(flatten)]
    pub source: Source,
    /// Whether nothing leaves and nothing is charged.
    pub test_mode: bool,
    /// Credits debited for it; given back where it owes nothing.
    pub price: u64,
    /// When it was accepted.
    pub created_at: Moment,
    /// When it was asked to go out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled_time: Option<Moment>,
    /// When the tick must look at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Moment>,
    /// Numbers the attempts to send it, from 1. A queue message names the attempt that it is for.
    pub attempt: u32,
    /// How often a provider was out of order.
    #[serde(default)]
    pub failures: u32,
    /// The dispatcher that has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
    /// When its contact was first being engaged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Moment>,
    /// When it reached its final state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<Moment>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// What happened, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The carrier's sid; see [`Engagement::sid`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_sid: Option<CallSid>,
    /// The provider's own id of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_id: Option<String>,
    /// What happened when.
    #[serde(default)]
    pub history: Vec<HistoryEntry>,
    /// The request it was made from, as a hash: the same idempotency key must come with the same request.
    pub request_hash: String,
    /// Its place in the batch that it is a row of.
    #[serde(flatten)]
    pub batch: Option<BatchRow>,
    /// Where its conversation stands, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talk: Option<Box<Talk>>,
    /// What an IVR project that has triggered it asks by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<CallTrigger>,
    /// Whether its call may still be live though it was called off, and is to be hung up.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub to_hang_up: bool,
    /// What it says, where that is short: a row of a batch is one item then. Else it has an item of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Box<Content>>,
}

/// What an owner asked for while a dispatcher had the engagement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// Hold it.
    Pause,
    /// Call it off.
    Cancel,
}

/// A dispatcher's right to call the provider for one attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Who claimed: random, so that a dispatcher knows its own claim after a lost answer.
    pub id: String,
    /// When.
    pub at: Moment,
    /// Since when it is known that the claim ran out with nothing recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unconfirmed_since: Option<Moment>,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// When.
    pub started_at: Moment,
    /// The status it led to.
    pub status: WireStatus,
    /// What it was.
    pub event_type: HistoryEvent,
    /// How a call or message of it ended.
    #[serde(default)]
    pub call_outcome: Option<Outcome>,
    /// More, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

crate::channel::wire_words! {
    /// What happened.
    HistoryEvent {
        /// It was accepted for later.
        Scheduled = "Scheduled",
        /// It was accepted for now, or put back into the queue.
        Queued = "Queued",
        /// The provider took it.
        Sent = "Sent",
        /// It will be tried again.
        Retried = "Retried",
        /// It waits for a better time.
        Postponed = "Postponed",
        /// Its claim ran out with nothing recorded.
        Unconfirmed = "Unconfirmed",
        /// It was held.
        Paused = "Paused",
        /// It was let go on.
        Resumed = "Resumed",
        /// It reached its end.
        Ended = "Ended",
        /// Something became known after its end.
        Updated = "Updated",
        /// Something was left out of its content.
        Noted = "Noted",
    }
}

/// The most entries a history keeps: the first ones and the latest.
const MOST_HISTORY: usize = 40;

impl Engagement {
    /// Notes something that happened, without a change of state.
    pub fn note(&mut self, event_type: HistoryEvent, now: Moment, detail: Option<String>) {
        if self.history.len() >= MOST_HISTORY {
            self.history.remove(1);
        }
        let (status, call_outcome) = (self.state.wire(), self.outcome);
        self.history.push(HistoryEntry { started_at: now, status, event_type, call_outcome, detail });
    }

    /// Notes something unless the history says it already: what is true of every attempt needs saying once.
    pub fn note_once(&mut self, now: Moment, detail: &str) {
        if self.history.iter().all(|entry| entry.detail.as_deref() != Some(detail)) {
            self.note(HistoryEvent::Noted, now, Some(detail.to_owned()));
        }
    }

    /// What is noted here and not in `other`.
    pub fn notes_missing_in<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a HistoryEntry> {
        let noted = self.history.iter().filter(|entry| entry.event_type == HistoryEvent::Noted);
        noted.filter(|entry| !other.history.iter().any(|known| known.detail == entry.detail))
    }

    /// The sid in the call log: the carrier's, an email's own, or a queued one as long as nothing was sent.
    #[must_use]
    pub fn sid(&self) -> CallSid {
        match (&self.call_sid, self.channel, self.provider_id.is_some()) {
            (Some(sid), _, _) => sid.clone(),
            (None, Channel::Email, true) => CallSid::Email(self.engagement_id),
            (None, _, _) => CallSid::Queued(self.engagement_id),
        }
    }

    /// Whether it is a row that its batch has not let go: no date is set for it, and no queue brings it.
    #[must_use]
    pub fn waits_for_its_batch(&self) -> bool {
        self.batch.is_some_and(|row| row.stage == RowStage::Waiting)
    }

    /// Whether it is a call that a carrier has put through.
    #[must_use]
    pub fn is_a_carriers_call(&self) -> bool {
        self.channel.is_voice() && !self.test_mode && self.call_sid.is_some()
    }

    /// Whether an agent that was taken for it is still with it.
    #[must_use]
    pub fn holds_agent(&self) -> bool {
        matches!(self.state, State::Dispatching | State::InProgress | State::OnHold)
    }

    /// Whether the contact and the hub talk in turns.
    #[must_use]
    pub const fn is_conversation(&self) -> bool {
        !matches!(self.engagement_type, EngagementType::Informational)
    }

    /// Whether the contact's replies are messages that come by themselves, so that its number must lead to it.
    #[must_use]
    pub const fn awaits_messages(&self) -> bool {
        self.is_conversation() && matches!(self.channel, Channel::Sms | Channel::Wmsg)
    }

    /// Whether it occupies its agent while it is under way: only a live conversation does.
    #[must_use]
    pub fn occupies_agent(&self) -> Option<&PhoneNumber> {
        let live = self.channel.is_voice() && self.is_conversation();
        self.user_phone_number.as_ref().filter(|_| live && !self.test_mode)
    }
}

/// What an engagement says: read when it is sent and shown, never on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The brief.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instruction: Option<Instruction>,
    /// The email.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailContent>,
    /// The language.
    pub language: Language,
    /// The hub's user whose settings apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_user_id: Option<ForeignId>,
    /// The booking it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booking_id: Option<ForeignId>,
    /// What the caller wanted kept.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "as_json")]
    pub context: Option<Map<String, Value>>,
    /// The IVR scenario that takes the call once it is answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<Scenario>,
    /// What a call says word for word, where that is laid down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scripts: Option<Scripts>,
}

impl Content {
    /// What is said first to whoever answered: the words that are laid down for that, else the brief.
    #[must_use]
    pub fn said_to(&self, answered_by: AnsweredBy) -> Option<String> {
        match &self.scripts {
            Some(scripts) => scripts.words_to(answered_by),
            None => self.instruction.as_ref().map(|text| text.as_str().to_owned()),
        }
    }
}

/// One thing said by one side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// Who said it.
    pub role: Role,
    /// What was said.
    pub content: String,
    /// When.
    pub timestamp: Moment,
}

crate::channel::wire_words! {
    /// The sides of a conversation.
    Role {
        /// The hub.
        Assistant = "assistant",
        /// The contact.
        User = "user",
    }
}

/// A table takes no numbers of more than 38 digits and no nesting deeper than 32, so what callers send is kept as text.
mod as_json {
    use serde::de::Error as _;
    use serde::ser::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};
    use serde_json::{Map, Value};

    pub(super) fn serialize<S: Serializer>(
        context: &Option<Map<String, Value>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match context {
            Some(context) => serializer.serialize_some(&serde_json::to_string(context).map_err(S::Error::custom)?),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Map<String, Value>>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| serde_json::from_str(&text).map_err(D::Error::custom)).transpose()
    }
}
