//! The tenant slug and the settings that a domain carries.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::carrier::Carrier;
use crate::channel::Channel;
use crate::email::Mailbox;
use crate::id::AccountId;
use crate::moment::Moment;
use crate::outbound_email::OutboundEmail;
use crate::schedule::QuietHours;
use crate::sender::{AllowedSender, SenderNotAllowed};
use crate::webhook::WebhookEndpoint;

/// A tenant's slug: 1 to 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DomainName(String);

/// A text that is no tenant slug.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 63 lower-case letters, digits or hyphens, beginning and ending with a letter or digit.")]
pub struct DomainNameError;

impl DomainName {
    /// The slug.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DomainName {
    type Err = DomainNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let well_made = (1..=63).contains(&text.len())
            && text.chars().all(|c| plain(c) || c == '-')
            && text.starts_with(plain)
            && text.ends_with(plain);
        if well_made { Ok(Self(text.to_owned())) } else { Err(DomainNameError) }
    }
}

impl TryFrom<String> for DomainName {
    type Error = DomainNameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<DomainName> for String {
    fn from(name: DomainName) -> Self {
        name.0
    }
}

impl fmt::Display for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An IANA time zone name that the bundled database knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ZoneName(String);

/// A name that the time zone database does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not an IANA time zone; give one such as America/Toronto.")]
pub struct ZoneNameError;

impl ZoneName {
    /// The zone's rules.
    #[must_use]
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.0).unwrap_or(TimeZone::UTC)
    }
}

impl Default for ZoneName {
    fn default() -> Self {
        Self("UTC".to_owned())
    }
}

impl FromStr for ZoneName {
    type Err = ZoneNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        TimeZone::get(text).map(|_| Self(text.to_owned())).map_err(|_| ZoneNameError)
    }
}

impl TryFrom<String> for ZoneName {
    type Error = ZoneNameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ZoneName> for String {
    fn from(name: ZoneName) -> Self {
        name.0
    }
}

/// A tenant and its settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    /// The slug.
    pub domain_name: DomainName,
    /// The account that owns it.
    pub account_id: AccountId,
    /// Counts the changes, so that two at once do not undo each other.
    pub version: u64,
    /// When it was made.
    pub created_at: Moment,
    /// Whether all engagements of the domain are held back.
    #[serde(default)]
    pub engagement_hub_paused: bool,
    /// The channels that may be used.
    pub channels: BTreeSet<Channel>,
    /// The zone in which times without one are read and quiet hours are kept.
    #[serde(default)]
    pub time_zone: ZoneName,
    /// For how many days a contact is not engaged again by a batch; 0 is never.
    #[serde(default)]
    pub customer_dedup_days: u32,
    /// How many calls a minute a batch releases; none is the configuration's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bulk_call_rate_limit: Option<u32>,
    /// Credits for one engagement by channel; 1 where a channel is not named.
    #[serde(default)]
    pub prices: BTreeMap<Channel, u64>,
    /// When contacts are not called or messaged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet_hours: Option<QuietHours>,
    /// Who its emails may be from; every sender that the mail service knows, where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub email_senders: Vec<AllowedSender>,
    /// What its emails carry around what they say.
    #[serde(default)]
    pub outbound_email: OutboundEmail,
    /// Where its engagements are told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook: Option<WebhookEndpoint>,
    /// Who puts its calls and messages through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<Carrier>,
}

impl Domain {
    /// A new domain with every channel enabled and no sender.
    #[must_use]
    pub fn new(domain_name: DomainName, account_id: AccountId, created_at: Moment) -> Self {
        Self {
            domain_name,
            account_id,
            version: 0,
            created_at,
            engagement_hub_paused: false,
            channels: Channel::ALL.iter().copied().collect(),
            time_zone: ZoneName::default(),
            customer_dedup_days: 0,
            bulk_call_rate_limit: None,
            prices: BTreeMap::new(),
            quiet_hours: None,
            email_senders: Vec::new(),
            outbound_email: OutboundEmail::default(),
            webhook: None,
            carrier: None,
        }
    }

    /// Credits that one engagement over this channel costs.
    #[must_use]
    pub fn price(&self, channel: Channel) -> u64 {
        self.prices.get(&channel).copied().unwrap_or(1)
    }

    /// Whether its emails may be from this sender.
    ///
    /// # Errors
    /// When they may not, with the senders that they may be from.
    pub fn allow_sender(&self, from: &Mailbox) -> Result<(), SenderNotAllowed> {
        let covered = self.email_senders.iter().any(|allowed| allowed.covers(&from.address));
        if covered || self.email_senders.is_empty() {
            return Ok(());
        }
        Err(SenderNotAllowed { domain_name: self.domain_name.clone(), allowed: self.email_senders.clone() })
    }

    /// Settings of the domain or of one of its users, where a sender that is not allowed counts as none: it may have
    /// been when it was set.
    #[must_use]
    pub fn with_allowed_sender<'a>(&self, settings: &'a OutboundEmail) -> Cow<'a, OutboundEmail> {
        match &settings.from {
            Some(from) if self.allow_sender(from).is_err() => {
                Cow::Owned(OutboundEmail { from: None, ..settings.clone() })
            }
            _ => Cow::Borrowed(settings),
        }
    }

    /// The end of the quiet hours that `now` lies in. Email disturbs nobody and has none.
    #[must_use]
    pub fn quiet_until(&self, channel: Channel, now: Moment) -> Option<Moment> {
        match channel {
            Channel::Email => None,
            Channel::Phone | Channel::Sms | Channel::Wmsg | Channel::Wvoice => {
                self.quiet_hours.as_ref()?.end_of_quiet(&self.time_zone.zone(), now)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domain(email_senders: &[&str]) -> Domain {
        let made = Domain::new("acme".parse().unwrap(), AccountId::random(), Moment::from_millisecond(0));
        Domain { email_senders: email_senders.iter().map(|text| text.parse().unwrap()).collect(), ..made }
    }

    #[test]
    fn a_domain_that_names_no_senders_may_use_every_one() {
        assert_eq!(domain(&[]).allow_sender(&"hello@globex.example".parse().unwrap()), Ok(()));
    }

    #[test]
    fn a_domain_that_names_senders_may_use_these_and_tells_so() {
        let domain = domain(&["acme.example", "acme@globex.example"]);
        for from in ["Acme <hello@news.acme.example>", "acme@globex.example"] {
            assert_eq!(domain.allow_sender(&from.parse().unwrap()), Ok(()), "{from}");
        }
        let refused = domain.allow_sender(&"acme.example <hello@globex.example>".parse().unwrap());
        assert_eq!(
            refused.unwrap_err().to_string(),
            "must be a sender that domain \"acme\" may use: any at acme.example, acme@globex.example. Have the hub's \
             operator allow it, or use one of these."
        );
    }

    #[test]
    fn a_sender_that_is_not_allowed_counts_as_none_set() {
        let from = |text: &str| OutboundEmail { from: Some(text.parse().unwrap()), ..OutboundEmail::default() };
        let domain = domain(&["acme.example"]);
        assert_eq!(*domain.with_allowed_sender(&from("hello@acme.example")), from("hello@acme.example"));
        assert_eq!(*domain.with_allowed_sender(&from("hello@globex.example")), OutboundEmail::default());
    }

    #[test]
    fn a_slug_is_lower_case_and_has_no_hyphen_at_its_edges() {
        for good in ["a", "acme", "acme-2", "0x"] {
            assert!(good.parse::<DomainName>().is_ok(), "{good}");
        }
        for bad in ["", "Acme", "-a", "a-", "a.b", "a b", "ä", &"a".repeat(64)] {
            assert!(bad.parse::<DomainName>().is_err(), "{bad}");
        }
    }
}
