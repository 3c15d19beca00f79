//! The tenant slug and the settings that a domain carries.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::channel::Channel;
use crate::email::Mailbox;
use crate::id::AccountId;
use crate::moment::Moment;
use crate::schedule::QuietHours;
use crate::text::Line;
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

/// What a tenant's emails carry: who they are from and which organisation speaks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboundEmail {
    /// The name in `{{ORGANIZATION_NAME}}`; the account's where none is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_name: Option<Line<200>>,
    /// The sender. Without one the email channel is not set up (checklist D2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Mailbox>,
    /// Where answers go, when not to the sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Mailbox>,
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
    /// The sender of its emails.
    #[serde(default)]
    pub outbound_email: OutboundEmail,
    /// Where its engagements are told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook: Option<WebhookEndpoint>,
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
            outbound_email: OutboundEmail::default(),
            webhook: None,
        }
    }

    /// Credits that one engagement over this channel costs.
    #[must_use]
    pub fn price(&self, channel: Channel) -> u64 {
        self.prices.get(&channel).copied().unwrap_or(1)
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
