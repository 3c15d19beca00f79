//! Contacts that must not be engaged: on which channels, why, and on whose word (checklist N2).

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::channel::{Channel, wire_words};
use crate::contact::Contact;
use crate::id::ApiKeyId;
use crate::moment::Moment;
use crate::text::{Line, TextError};

/// Why a contact must not be engaged: one line of at most 300 characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reason(String);

type ReasonLine = Line<300>;

impl Reason {
    /// The reason that an account gave, or that it gave none.
    ///
    /// # Errors
    /// When it is too long.
    pub fn parse(raw: &str) -> Result<Self, TextError> {
        Ok(ReasonLine::parse(raw)?.map_or_else(Self::default, Self::from))
    }

    /// As much of a text from elsewhere as fits.
    #[must_use]
    pub fn beginning(raw: &str) -> Self {
        ReasonLine::beginning(raw).map_or_else(Self::default, Self::from)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Reason {
    fn default() -> Self {
        Self("Added by the account.".to_owned())
    }
}

impl From<ReasonLine> for Reason {
    fn from(line: ReasonLine) -> Self {
        Self(line.to_string())
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

wire_words! {
    /// What is closed to a contact: one channel, or all of them, those that the hub will learn of too.
    Scope {
        /// Every channel.
        All = "all",
        /// Outbound voice calls.
        Phone = "phone",
        /// Text messages.
        Sms = "sms",
        /// WhatsApp messages.
        Wmsg = "wmsg",
        /// WhatsApp voice calls.
        Wvoice = "wvoice",
        /// Email.
        Email = "email",
    }
}

impl From<Channel> for Scope {
    fn from(channel: Channel) -> Self {
        match channel {
            Channel::Phone => Self::Phone,
            Channel::Sms => Self::Sms,
            Channel::Wmsg => Self::Wmsg,
            Channel::Wvoice => Self::Wvoice,
            Channel::Email => Self::Email,
        }
    }
}

/// On whose word a contact is left alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "added_by", rename_all = "snake_case")]
pub enum AddedBy {
    /// The account's, with one of its keys.
    ApiKey {
        /// The key.
        api_key_id: ApiKeyId,
    },
    /// The contact's own: unsubscribed, or asked not to be contacted.
    Recipient,
    /// The mail service's: the address bounced, or its owner complained.
    MailService,
}

impl AddedBy {
    /// The word for it.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::ApiKey { .. } => "api_key",
            Self::Recipient => "recipient",
            Self::MailService => "mail_service",
        }
    }

    /// The key, where it was one.
    #[must_use]
    pub const fn api_key_id(&self) -> Option<ApiKeyId> {
        match self {
            Self::ApiKey { api_key_id } => Some(*api_key_id),
            Self::Recipient | Self::MailService => None,
        }
    }
}

/// Why something is closed to a contact, by whom and since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Why.
    pub reason: Reason,
    /// By whom.
    #[serde(flatten)]
    pub added_by: AddedBy,
    /// Since when.
    pub added_at: Moment,
}

/// A contact with everything that is closed to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoNotContact {
    /// The contact.
    pub contact: Contact,
    /// What is closed. An entry of its own stands beside the one for all channels.
    pub closed: BTreeMap<Scope, Entry>,
}

impl DoNotContact {
    /// A contact with the same entry for each of these.
    #[must_use]
    pub fn new(contact: Contact, scopes: impl IntoIterator<Item = Scope>, entry: &Entry) -> Self {
        Self { contact, closed: scopes.into_iter().map(|scope| (scope, entry.clone())).collect() }
    }

    /// A contact that nothing is closed to.
    #[must_use]
    pub fn open(contact: Contact) -> Self {
        Self { contact, closed: BTreeMap::new() }
    }

    /// The entry that closes this. For a channel, one for all channels comes first.
    #[must_use]
    pub fn closing(&self, scope: Scope) -> Option<&Entry> {
        self.closed.get(&Scope::All).or_else(|| self.closed.get(&scope))
    }

    /// Makes an entry where there is none: the first reason stands. One for a channel stands beside the one for all.
    pub fn close(&mut self, scope: Scope, entry: Entry) {
        self.closed.entry(scope).or_insert(entry);
    }

    /// What is left when this is opened. A channel that was closed with all leaves the others closed as they were.
    #[must_use]
    pub fn without(mut self, scope: Scope) -> Self {
        if scope == Scope::All {
            return Self::open(self.contact);
        }
        if let Some(entry) = self.closed.remove(&Scope::All) {
            Channel::ALL.iter().for_each(|channel| self.close(Scope::from(*channel), entry.clone()));
        }
        self.closed.remove(&scope);
        self
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry(reason: &str) -> Entry {
        Entry {
            reason: Reason::parse(reason).unwrap(),
            added_by: AddedBy::Recipient,
            added_at: Moment::from_millisecond(0),
        }
    }

    fn listed(scopes: &[Scope]) -> DoNotContact {
        DoNotContact::new(Contact::example(), scopes.iter().copied(), &entry("Asked for it."))
    }

    #[test]
    fn an_entry_for_all_closes_every_channel() {
        for scope in Scope::ALL {
            assert!(listed(&[Scope::All]).closing(*scope).is_some());
        }
    }

    #[test]
    fn an_entry_for_a_channel_closes_that_channel_only() {
        for scope in Scope::ALL {
            assert_eq!(listed(&[Scope::Sms]).closing(*scope).is_some(), *scope == Scope::Sms);
        }
    }

    #[test]
    fn the_first_reason_stands() {
        let mut listed = listed(&[Scope::Sms]);
        listed.close(Scope::Sms, entry("Another."));
        assert_eq!(listed.closed[&Scope::Sms].reason.as_str(), "Asked for it.");
    }

    #[test]
    fn a_channel_opened_out_of_all_leaves_the_others_as_they_were() {
        let mut listed = listed(&[Scope::All]);
        listed.close(Scope::Email, entry("Bounced."));
        let left = listed.without(Scope::Sms);
        let reasons: Vec<_> = left.closed.iter().map(|(scope, entry)| (*scope, entry.reason.as_str())).collect();
        assert_eq!(
            reasons,
            [
                (Scope::Phone, "Asked for it."),
                (Scope::Wmsg, "Asked for it."),
                (Scope::Wvoice, "Asked for it."),
                (Scope::Email, "Bounced."),
            ]
        );
    }

    #[test]
    fn an_entry_is_stored_flat() {
        let api_key_id = ApiKeyId::from_bytes([7; 20]);
        let entry = Entry { added_by: AddedBy::ApiKey { api_key_id }, ..entry("Asked for it.") };
        let stored = serde_json::to_value(&entry).unwrap();
        assert_eq!(
            stored,
            serde_json::json!({
                "reason": "Asked for it.", "added_by": "api_key", "api_key_id": api_key_id.to_string(),
                "added_at": "1970-01-01T00:00:00.000Z",
            })
        );
        assert_eq!(serde_json::from_value::<Entry>(stored).unwrap(), entry);
    }

    proptest! {
        #[test]
        fn opening_one_thing_opens_that_and_nothing_else(
            closed in proptest::sample::subsequence(Scope::ALL.to_vec(), 0..=6),
            opened in proptest::sample::select(Scope::ALL.to_vec()),
        ) {
            let before = listed(&closed);
            let after = before.clone().without(opened);
            for channel in Channel::ALL {
                let scope = Scope::from(*channel);
                let stays = before.closing(scope).is_some() && scope != opened && opened != Scope::All;
                prop_assert_eq!(after.closing(scope).is_some(), stays);
            }
        }
    }
}
