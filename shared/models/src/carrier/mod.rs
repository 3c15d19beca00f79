//! The carrier of a domain: who puts its calls and messages through, and what it reports of them (checklist M1, M2).

mod call_state;
mod reported;
mod spoken;
mod whatsapp;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::channel::{Channel, wire_words};
use crate::contact::PhoneNumber;
use crate::moment::Moment;

pub use call_state::CallState;
pub use reported::{
    CALL_IS_OVER, CallReport, CallStatus, MessageReport, MessageStatus, Progress, Refused, in_words, refused,
};
pub use spoken::Spoken;
pub use whatsapp::{ContentSid, ContentSidError, WhatsappTemplate};

wire_words! {
    /// The carriers that the hub knows.
    Provider {
        /// Twilio.
        Twilio = "twilio",
    }
}

/// A Twilio account: `AC` and 32 hex digits. It names the account and opens nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountSid(String);

/// A text that names no Twilio account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be the SID of a Twilio account: AC and 32 hex digits.")]
pub struct AccountSidError;

impl AccountSid {
    /// The SID.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AccountSid {
    type Err = AccountSidError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if is_sid(text.trim(), "AC") { Ok(Self(text.trim().to_owned())) } else { Err(AccountSidError) }
    }
}

impl TryFrom<String> for AccountSid {
    type Error = AccountSidError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<AccountSid> for String {
    fn from(sid: AccountSid) -> Self {
        sid.0
    }
}

impl fmt::Display for AccountSid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_sid(text: &str, prefix: &str) -> bool {
    let digits = text.strip_prefix(prefix).unwrap_or_default();
    digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit())
}

/// A domain's carrier. What opens its account is in the secret store, not here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carrier {
    /// Who it is.
    pub provider: Provider,
    /// The account that is used.
    pub account_sid: AccountSid,
    /// Whom calls are from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voice_from: Option<PhoneNumber>,
    /// Whom SMS are from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sms_from: Option<PhoneNumber>,
    /// Whom WhatsApp messages, and where they are enabled calls, are from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whatsapp_from: Option<PhoneNumber>,
    /// Whether the WhatsApp sender may place calls.
    #[serde(default)]
    pub whatsapp_calls: bool,
    /// What is sent to a contact who has not written by WhatsApp within 24 hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whatsapp_template: Option<WhatsappTemplate>,
    /// How fast each sender may send.
    #[serde(default)]
    pub rates: Rates,
    /// When it was set.
    pub set_at: Moment,
}

/// Calls and messages a second that a sender begins, at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rates {
    /// Calls a second from `voice_from`, and from a WhatsApp sender.
    pub calls: u32,
    /// SMS a second from `sms_from`.
    pub sms: u32,
    /// WhatsApp messages a second from `whatsapp_from`.
    pub whatsapp: u32,
}

impl Rates {
    /// The fastest that can be set.
    pub const MOST: u32 = 1_000;
}

impl Default for Rates {
    fn default() -> Self {
        Self { calls: 1, sms: 1, whatsapp: 1 }
    }
}

impl Carrier {
    /// Whom an engagement over this channel is from; nobody where the carrier is not set up for it.
    #[must_use]
    pub fn sender(&self, channel: Channel) -> Option<&PhoneNumber> {
        match channel {
            Channel::Phone => self.voice_from.as_ref(),
            Channel::Sms => self.sms_from.as_ref(),
            Channel::Wmsg => self.whatsapp_from.as_ref(),
            Channel::Wvoice => self.whatsapp_from.as_ref().filter(|_| self.whatsapp_calls),
            Channel::Email => None,
        }
    }

    /// How many engagements over this channel may begin in a second.
    #[must_use]
    pub const fn rate(&self, channel: Channel) -> u32 {
        match channel {
            Channel::Phone | Channel::Wvoice => self.rates.calls,
            Channel::Sms => self.rates.sms,
            Channel::Wmsg => self.rates.whatsapp,
            Channel::Email => 1,
        }
    }

    /// What has to be set for this channel.
    #[must_use]
    pub const fn setting(channel: Channel) -> &'static str {
        match channel {
            Channel::Phone => "voice_from",
            Channel::Sms => "sms_from",
            Channel::Wmsg => "whatsapp_from",
            Channel::Wvoice => "whatsapp_from with whatsapp_calls",
            Channel::Email => "email_from",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carrier() -> Carrier {
        let number = |text: &str| text.parse().ok();
        Carrier {
            provider: Provider::Twilio,
            account_sid: format!("AC{}", "0".repeat(32)).parse().unwrap(),
            voice_from: number("+14165550100"),
            sms_from: None,
            whatsapp_from: number("+14165550102"),
            whatsapp_calls: false,
            whatsapp_template: None,
            rates: Rates::default(),
            set_at: Moment::from_millisecond(0),
        }
    }

    #[test]
    fn a_channel_without_its_sender_has_none() {
        let carrier = carrier();
        assert_eq!(carrier.sender(Channel::Phone).map(PhoneNumber::as_str), Some("+14165550100"));
        assert_eq!(carrier.sender(Channel::Sms), None);
        assert_eq!(carrier.sender(Channel::Wmsg).map(PhoneNumber::as_str), Some("+14165550102"));
    }

    #[test]
    fn a_whatsapp_sender_calls_only_where_it_may() {
        assert_eq!(carrier().sender(Channel::Wvoice), None);
        let calling = Carrier { whatsapp_calls: true, ..carrier() };
        assert!(calling.sender(Channel::Wvoice).is_some());
    }

    #[test]
    fn what_is_no_sid_is_refused() {
        for bad in
            ["", "AC", "AC0", &"A".repeat(34), &format!("SK{}", "0".repeat(32)), &format!("AC{}", "x".repeat(32))]
        {
            assert!(bad.parse::<AccountSid>().is_err(), "{bad}");
        }
    }
}
