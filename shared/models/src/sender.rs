//! Who a domain may write as. All domains send through one mail service, which knows no tenants: which of its verified
//! senders are whose is the operator's to say.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::contact::EmailAddress;
use crate::domain::DomainName;

/// A sender that a domain may use, in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum AllowedSender {
    /// Every address at this host and at the hosts below it: `acme.example`.
    Host(String),
    /// This address: `hello@acme.example`.
    Address(EmailAddress),
}

/// A text that names no senders.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be host names and email addresses, such as acme.example and hello@acme.example.")]
pub struct AllowedSenderError;

/// A sender that a domain may not use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be a sender that domain \"{domain_name}\" may use: {}. Have the hub's operator allow it, or use one of these.",
    listed(.allowed)
)]
pub struct SenderNotAllowed {
    /// The domain.
    pub domain_name: DomainName,
    /// What it may use.
    pub allowed: Vec<AllowedSender>,
}

impl AllowedSender {
    /// Whether mail may be from this address. Letter case does not matter.
    #[must_use]
    pub fn covers(&self, address: &EmailAddress) -> bool {
        match self {
            Self::Host(host) => is_at_or_below(address.host(), host),
            Self::Address(allowed) => allowed.as_str().eq_ignore_ascii_case(address.as_str()),
        }
    }
}

fn is_at_or_below(host: &str, allowed: &str) -> bool {
    host.strip_suffix(allowed).is_some_and(|below| below.is_empty() || below.ends_with('.'))
}

fn listed(allowed: &[AllowedSender]) -> String {
    let described = allowed.iter().map(|allowed| match allowed {
        AllowedSender::Host(host) => format!("any at {host}"),
        AllowedSender::Address(address) => address.to_string(),
    });
    described.collect::<Vec<_>>().join(", ")
}

impl FromStr for AllowedSender {
    type Err = AllowedSenderError;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let text = raw.trim().to_lowercase();
        if text.contains('@') {
            return text.parse().map(Self::Address).map_err(|_| AllowedSenderError);
        }
        // A host is what an address can be at.
        let address: EmailAddress = format!("anyone@{text}").parse().map_err(|_| AllowedSenderError)?;
        let plain = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.'));
        if plain && address.host() == text { Ok(Self::Host(text)) } else { Err(AllowedSenderError) }
    }
}

impl fmt::Display for AllowedSender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host(host) => f.write_str(host),
            Self::Address(address) => address.fmt(f),
        }
    }
}

impl TryFrom<String> for AllowedSender {
    type Error = AllowedSenderError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<AllowedSender> for String {
    fn from(sender: AllowedSender) -> Self {
        sender.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn covers(allowed: &str, address: &str) -> bool {
        allowed.parse::<AllowedSender>().unwrap().covers(&address.parse().unwrap())
    }

    #[test]
    fn a_host_covers_every_address_at_it_and_below_it() {
        for address in ["hello@acme.example", "Hello@ACME.example", "hello@news.acme.example", "a@b.c.acme.example"] {
            assert!(covers("acme.example", address), "{address}");
        }
        for address in ["hello@globex.example", "hello@notacme.example", "acme.example@x.example", "a@acme.example.org"]
        {
            assert!(!covers("acme.example", address), "{address}");
        }
        assert!(!covers("news.acme.example", "hello@acme.example"));
    }

    #[test]
    fn an_address_covers_itself_in_any_case_and_nothing_else() {
        assert!(covers("Hello@acme.example", "hello@Acme.example"));
        for address in ["other@acme.example", "hello@news.acme.example", "hello@globex.example"] {
            assert!(!covers("hello@acme.example", address), "{address}");
        }
    }

    #[test]
    fn it_is_read_back_as_it_was_written_in_lower_case() {
        for (given, text) in [(" Acme.Example ", "acme.example"), ("Hello@Acme.example", "hello@acme.example")] {
            let sender: AllowedSender = given.parse().unwrap();
            assert_eq!(sender.to_string(), text);
            assert_eq!(serde_json::from_str::<AllowedSender>(&format!("\"{text}\"")).unwrap(), sender);
        }
    }

    #[test]
    fn what_names_no_senders_is_refused() {
        for bad in
            ["", "acme", ".", "*", "*.acme.example", ".acme.example", "acme.example.", "a b.example", "@acme.example"]
        {
            assert!(bad.parse::<AllowedSender>().is_err(), "{bad}");
        }
        for bad in ["https://acme.example", "acme.example/x", "Acme <hello@acme.example>", "a@b@c", "[127.0.0.1]"] {
            assert!(bad.parse::<AllowedSender>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn reading_a_sender_never_panics_and_what_is_read_stays_the_same(raw in ".{0,60}") {
            if let Ok(sender) = raw.parse::<AllowedSender>() {
                prop_assert_eq!(sender.to_string().parse::<AllowedSender>(), Ok(sender));
            }
        }
    }
}
