//! Who is engaged: a phone number or an email address that has been checked.

use std::fmt;
use std::str::FromStr;

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat};
use serde::{Deserialize, Serialize};

use crate::channel::Channel;

/// A phone number in E.164, `+14165551234`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

/// A text that is no phone number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a phone number in E.164 format, such as +14165551234.")]
pub struct PhoneNumberError;

impl PhoneNumber {
    /// The number in E.164.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads E.164, or a number of North America, which becomes `+1…`: ten digits, or eleven that begin with 1 (checklist
    /// C1). What people and programs put between and around the digits does not count.
    ///
    /// # Errors
    /// When it is neither.
    pub fn parse_lenient(raw: &str) -> Result<Self, PhoneNumberError> {
        let digits: String = raw.chars().filter(|c| !is_punctuation(*c)).collect();
        let digits_alone = digits.bytes().all(|b| b.is_ascii_digit());
        match digits.len() {
            10 if digits_alone => format!("+1{digits}").parse(),
            11 if digits_alone && digits.starts_with('1') => format!("+{digits}").parse(),
            _ => digits.parse(),
        }
    }
}

/// What stands in written phone numbers beside their digits: blanks, brackets, dots, every dash of Unicode, and the
/// invisible marks of direction that address books copy.
fn is_punctuation(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '(' | ')' | '.' | '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

impl FromStr for PhoneNumber {
    type Err = PhoneNumberError;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let raw = raw.trim();
        let digits = raw.strip_prefix('+').ok_or(PhoneNumberError)?;
        if !(7..=15).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(PhoneNumberError);
        }
        let number = PHONE_NUMBER_UTIL.parse(raw, None).map_err(|_| PhoneNumberError)?;
        if !PHONE_NUMBER_UTIL.is_possible_number(&number) {
            return Err(PhoneNumberError);
        }
        Ok(Self(PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).into_owned()))
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = PhoneNumberError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<PhoneNumber> for String {
    fn from(number: PhoneNumber) -> Self {
        number.0
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An email address whose host has a dot; the host is lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

/// A text that is no email address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be an email address, such as customer@example.com.")]
pub struct EmailAddressError;

impl EmailAddress {
    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands behind the `@`, in lower case.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, host)| host)
    }

    /// The address as its owner knows it again and nobody else learns it: `a•••@example.com`.
    #[must_use]
    pub fn masked(&self) -> String {
        let first: String = self.0.chars().take(1).collect();
        format!("{first}•••@{}", self.host())
    }
}

impl FromStr for EmailAddress {
    type Err = EmailAddressError;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let options =
            email_address::Options::default().without_display_text().without_domain_literal().with_required_tld();
        let address =
            email_address::EmailAddress::parse_with_options(raw.trim(), options).map_err(|_| EmailAddressError)?;
        // Mail to other scripts' local parts needs SMTPUTF8 along the whole way, which nobody can promise.
        if !address.local_part().is_ascii() {
            return Err(EmailAddressError);
        }
        Ok(Self(format!("{}@{}", address.local_part(), address.domain().to_lowercase())))
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = EmailAddressError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whom an engagement goes to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Contact {
    /// By phone, SMS or WhatsApp.
    Phone(PhoneNumber),
    /// By email.
    Email(EmailAddress),
}

/// A contact that does not fit its channel.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContactError {
    /// A phone number was needed.
    #[error(transparent)]
    Phone(#[from] PhoneNumberError),
    /// An email address was needed.
    #[error(transparent)]
    Email(#[from] EmailAddressError),
}

impl Contact {
    /// Reads what the channel needs: an address for email, a number for all others.
    ///
    /// # Errors
    /// When it is not what the channel needs.
    pub fn parse(raw: &str, channel: Channel) -> Result<Self, ContactError> {
        match channel {
            Channel::Email => Ok(Self::Email(raw.parse()?)),
            Channel::Phone | Channel::Sms | Channel::Wmsg | Channel::Wvoice => {
                Ok(Self::Phone(PhoneNumber::parse_lenient(raw)?))
            }
        }
    }

    /// An address that stands for nobody.
    #[must_use]
    pub fn example() -> Self {
        Self::Email(EmailAddress("customer@example.com".to_owned()))
    }

    /// The number or the address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Phone(number) => number.as_str(),
            Self::Email(address) => address.as_str(),
        }
    }

    /// The form under which do-not-contact entries are kept: letter case does not matter.
    #[must_use]
    pub fn key(&self) -> String {
        self.as_str().to_lowercase()
    }
}

/// A text that is neither a phone number nor an email address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a phone number, such as +14165551234, or an email address.")]
pub struct UnknownContact;

/// Reads a contact where no channel is named: what has an `@` is an address, all else is a number.
impl FromStr for Contact {
    type Err = UnknownContact;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let channel = if raw.contains('@') { Channel::Email } else { Channel::Phone };
        Self::parse(raw, channel).map_err(|_| UnknownContact)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_digits_and_eleven_with_a_one_are_north_american() {
        for written in [
            "(416) 555-1234",
            "4165551234",
            "1-416-555-1234",
            "14165551234",
            "+1\u{a0}416\u{2011}555\u{2013}1234",
            "\u{202a}+14165551234\u{202c}",
        ] {
            assert_eq!(PhoneNumber::parse_lenient(written).unwrap().as_str(), "+14165551234", "{written}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for bad in ["", "+0000", "+", "416555", "+1416555123x", "+999999999999", "+1 416", "call me", "442071838750"] {
            assert!(PhoneNumber::parse_lenient(bad).is_err(), "{bad}");
        }
        for good in ["+14165551234", "+15005550001", "+442071838750", "+905551112233", "+4915112345678"] {
            assert!(good.parse::<PhoneNumber>().is_ok(), "{good}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for bad in [
            "",
            "a@b",
            "a",
            "@example.com",
            "a@example.com\r\nBcc: x@example.com",
            "A <a@example.com>",
            "a@[127.0.0.1]",
        ] {
            assert!(bad.parse::<EmailAddress>().is_err(), "{bad}");
        }
        assert_eq!("Alex@Example.COM".parse::<EmailAddress>().unwrap().as_str(), "Alex@example.com");
    }

    #[test]
    fn a_masked_address_keeps_its_first_letter_and_its_host() {
        assert_eq!("alex.morgan@example.com".parse::<EmailAddress>().unwrap().masked(), "a•••@example.com");
    }

    #[test]
    fn a_contact_without_a_channel_is_told_by_its_form() {
        assert_eq!("416-555-1234".parse::<Contact>().unwrap().as_str(), "+14165551234");
        assert_eq!("Alex@Example.com".parse::<Contact>().unwrap().as_str(), "Alex@example.com");
        for bad in ["", "alex", "@", "+1416@", "alex at example.com"] {
            assert_eq!(bad.parse::<Contact>(), Err(UnknownContact), "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn reading_a_contact_never_panics(raw in ".{0,80}") {
            let _ = raw.parse::<Contact>();
            let _ = Contact::parse(&raw, Channel::Sms);
            let _ = Contact::parse(&raw, Channel::Email);
        }
    }
}
