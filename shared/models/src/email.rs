//! What an email says and who it is from, before it is written and sent (checklist E1, E5).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::contact::EmailAddress;
use crate::placeholders::TemplateParams;
use crate::template::{TemplateId, TemplateRef};
use crate::text::{Instruction, Line, Name, Text};

/// Inline HTML as a caller sends it.
pub type Html = Text<200_000>;
/// A subject line as a caller sends it.
pub type Subject = Line<500>;

/// The subject where neither a subject nor an instruction is given.
pub const DEFAULT_SUBJECT: &str = "Message from your provider";

/// The one source that an email's body is made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmailBody {
    /// HTML with placeholders.
    Html(Html),
    /// A saved template, read when the email is made.
    Template(TemplateId),
    /// A brief that the writer makes a paragraph of. It is the content's instruction.
    Instruction,
}

/// Where a request wants an email's body to come from, before it is known whether that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodySource {
    /// HTML with placeholders.
    Html(Html),
    /// A saved template; where there is none, the instruction (checklist E3).
    Template(TemplateRef),
    /// The request's instruction.
    Instruction,
}

/// The email of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedEmail {
    /// The subject line, with placeholders.
    pub subject: Option<Subject>,
    /// What the body is to be made from.
    pub body: BodySource,
    /// Values of the custom placeholders.
    pub params: TemplateParams,
}

/// Everything that an accepted email is made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailContent {
    /// The subject line, with placeholders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// What the body is made from.
    pub body: EmailBody,
    /// Values of the custom placeholders.
    #[serde(default, skip_serializing_if = "TemplateParams::is_empty")]
    pub params: TemplateParams,
}

/// What `{{SUBJECT}}` is where no subject is given: the instruction on one line, else a default (checklist E5).
#[must_use]
pub fn subject_of(instruction: Option<&Instruction>) -> String {
    instruction.map_or_else(|| DEFAULT_SUBJECT.to_owned(), |text| one_line(text.as_str()))
}

/// An instruction as a subject: on one line and no longer than mail programs show.
fn one_line(text: &str) -> String {
    const SHOWN: usize = 150;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

/// A sender: an address with or without a name, `Acme <hello@acme.example>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mailbox {
    /// The name shown.
    pub name: Option<Name>,
    /// The address.
    pub address: EmailAddress,
}

/// A text that is no sender.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be an email address, with or without a name: Acme <hello@acme.example>.")]
pub struct MailboxError;

impl FromStr for Mailbox {
    type Err = MailboxError;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let raw = raw.trim();
        let (name, address) = match raw.strip_suffix('>').and_then(|inner| inner.rsplit_once('<')) {
            Some((name, address)) => (name.trim().trim_matches('"'), address),
            None => ("", raw),
        };
        let address = address.parse().map_err(|_| MailboxError)?;
        let name = Name::parse(name).map_err(|_| MailboxError)?;
        Ok(Self { name, address })
    }
}

impl fmt::Display for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "{name} <{}>", self.address),
            None => self.address.fmt(f),
        }
    }
}

impl TryFrom<String> for Mailbox {
    type Error = MailboxError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Mailbox> for String {
    fn from(mailbox: Mailbox) -> Self {
        mailbox.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_is_read_back_as_it_was_written() {
        for text in ["hello@acme.example", "Acme Insurance <hello@acme.example>"] {
            assert_eq!(text.parse::<Mailbox>().unwrap().to_string(), text);
        }
        assert!("Acme <hello>".parse::<Mailbox>().is_err());
    }

    #[test]
    fn the_subject_falls_back_to_the_instruction_and_then_to_a_default() {
        assert_eq!(subject_of(None), DEFAULT_SUBJECT);
        let instruction = Instruction::parse("Tell them\nall is well.").unwrap();
        assert_eq!(subject_of(instruction.as_ref()), "Tell them all is well.");
    }
}
