//! The carrier and mailer that nothing leaves through, for test mode and for the hub on one machine (checklist H).
//!
//! It is decided by the contact alone how an engagement goes: [`MAGIC_CONTACTS`] lists those that do not go well.

mod magic;
mod script;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use futures::future::BoxFuture;
use hub_models::channel::{Channel, EngagementType};
use hub_models::contact::{Contact, PhoneNumber};
use hub_models::engagement::{Engagement, Outcome, Taken};
use hub_models::id::{CallSid, EngagementId};
use hub_models::moment::Moment;
use sha2::{Digest, Sha256};

pub use magic::{BY_HAND, MAGIC_CONTACTS, MagicContact};
pub use script::{After, Line, Part, Script};

use crate::error::ProviderError;
use magic::Behaviour;

/// Something that would have left the hub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The way it would have left by.
    pub channel: Channel,
    /// Whom it was for.
    pub contact: String,
    /// The engagement.
    pub engagement_id: EngagementId,
    /// Which attempt of it.
    pub attempt: u32,
    /// An email's subject.
    pub subject: Option<String>,
    /// What was said or written.
    pub text: String,
    /// An email's HTML.
    pub html: Option<String>,
    /// When.
    pub sent_at: Moment,
}

impl Left {
    /// The provider's id of it: the same for the same attempt, so that a repeated one is known again.
    #[must_use]
    pub fn provider_id(&self) -> String {
        provider_id(self.channel, self.engagement_id, self.attempt)
    }
}

/// Where the hub on one machine keeps what "left", to be read back. On AWS there is none.
pub trait Journal: Send + Sync + 'static {
    /// Keeps it and gives its provider's id; that of the first one, where this attempt is kept already.
    fn record(&self, left: Left) -> BoxFuture<'_, Result<String, JournalError>>;

    /// The provider's id of what is kept of this attempt.
    fn find(&self, engagement_id: EngagementId, attempt: u32) -> BoxFuture<'_, Result<Option<String>, JournalError>>;
}

/// A journal that could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("the journal of what left the hub could not be read or written: {0}")]
pub struct JournalError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// A provider of every channel that sends nothing.
#[derive(Clone, Default)]
pub struct Simulator {
    journal: Option<Arc<dyn Journal>>,
    played: Arc<Mutex<HashSet<String>>>,
}

impl std::fmt::Debug for Simulator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let journal = self.journal.is_some();
        f.debug_struct("Simulator").field("journal", &journal).finish_non_exhaustive()
    }
}

impl Simulator {
    /// A simulator that keeps what "left" in this journal, except in test mode.
    #[must_use]
    pub fn new(journal: Option<Arc<dyn Journal>>) -> Self {
        Self { journal, played: Arc::default() }
    }

    /// Takes a call, a message or an email as a provider would.
    ///
    /// # Errors
    /// When the contact is one that the provider does not take, or the journal fails.
    pub async fn take(&self, left: Left, test_mode: bool) -> Result<Taken, ProviderError> {
        refuse_as_asked(&left)?;
        self.take_reply(left, test_mode).await
    }

    /// What was taken for this attempt, as far as the journal knows.
    ///
    /// # Errors
    /// When the journal cannot be asked now.
    pub async fn find(&self, engagement_id: EngagementId, attempt: u32) -> Result<Option<Taken>, ProviderError> {
        let Some(journal) = &self.journal else {
            return Ok(None);
        };
        let found = journal.find(engagement_id, attempt).await;
        let found = found.map_err(|error| ProviderError::out_of_order(error.to_string()))?;
        Ok(found.map(|provider_id| taken(provider_id, engagement_id)))
    }

    /// Whether it is the simulator that has taken this engagement: its domain may have got or lost a carrier meanwhile.
    #[must_use]
    pub fn has_taken(engagement: &Engagement) -> bool {
        // It may be an earlier attempt that turned out to have been taken.
        const LATEST: usize = 5;
        let (channel, id) = (engagement.channel, engagement.engagement_id);
        let mut own = (1..=engagement.attempt).rev().take(LATEST).map(|attempt| provider_id(channel, id, attempt));
        own.any(|own| engagement.provider_id.as_ref() == Some(&own))
    }

    /// Takes a reply in a conversation. Whoever has come so far can be written to, so nobody is refused.
    ///
    /// # Errors
    /// When the journal fails.
    pub async fn take_reply(&self, left: Left, test_mode: bool) -> Result<Taken, ProviderError> {
        let (engagement_id, own_id) = (left.engagement_id, left.provider_id());
        let provider_id = match &self.journal {
            Some(journal) if !test_mode => {
                let recorded = journal.record(left).await;
                // It may be on disk though the answer is an error, so only the journal itself can tell.
                recorded.map_err(|error| ProviderError::unknown(error.to_string()))?
            }
            _ => own_id,
        };
        Ok(taken(provider_id, engagement_id))
    }

    /// Leaves a contact to whoever plays it by hand, until the process ends.
    pub fn play_by_hand(&self, contact: &Contact) {
        self.played.lock().unwrap_or_else(PoisonError::into_inner).insert(contact.key());
    }

    /// Whether a contact does nothing by itself.
    #[must_use]
    pub fn is_played_by_hand(&self, contact: &Contact) -> bool {
        let played = self.played.lock().unwrap_or_else(PoisonError::into_inner);
        contact.as_str().starts_with(BY_HAND) || played.contains(&contact.key())
    }

    /// Whether an agent answers the phone.
    #[must_use]
    pub fn answers(&self, agent: &PhoneNumber) -> bool {
        Behaviour::of(agent.as_str(), Channel::Phone) == Behaviour::Friendly
    }

    /// How it goes on once it is taken.
    #[must_use]
    pub fn script(contact: &Contact, channel: Channel, engagement_type: EngagementType, attempt: u32) -> Script {
        script::of(Behaviour::of(contact.as_str(), channel), channel, engagement_type, attempt)
    }
}

/// The contacts that a provider does not take at once.
fn refuse_as_asked(left: &Left) -> Result<(), ProviderError> {
    let refused = |outcome, reason: &str| {
        let reason = reason.to_owned();
        Err(ProviderError::Refused { outcome, reason })
    };
    match Behaviour::of(&left.contact, left.channel) {
        Behaviour::InvalidNumber => {
            refused(Outcome::InvalidNumber, "The simulator has no such number: correct the contact's phone number.")
        }
        Behaviour::Refused => {
            refused(Outcome::Refused, "The simulator refuses this contact, as its number asks it to.")
        }
        Behaviour::ThrottledFirst if left.attempt <= 1 => Err(ProviderError::out_of_order(
            "The simulator is throttled at the first attempt, as this contact asks it to be.",
        )),
        _ => Ok(()),
    }
}

fn taken(provider_id: String, engagement_id: EngagementId) -> Taken {
    let is_carriers = provider_id.starts_with("CA") || provider_id.starts_with("SM");
    let call_sid = if is_carriers { CallSid::Carrier(provider_id.clone()) } else { CallSid::Email(engagement_id) };
    Taken { provider_id, call_sid }
}

/// An id that looks like the provider's own: Twilio's for calls and messages, SES's for emails.
fn provider_id(channel: Channel, engagement_id: EngagementId, attempt: u32) -> String {
    let hash = Sha256::digest(format!("{channel} {engagement_id} {attempt}"));
    let digits = hex::encode(&hash[..16]);
    match channel {
        Channel::Phone | Channel::Wvoice => format!("CA{digits}"),
        Channel::Sms | Channel::Wmsg => format!("SM{digits}"),
        Channel::Email => format!("{}-{}-000000", &digits[..16], &digits[16..]),
    }
}

#[cfg(test)]
mod tests;
