//! Makes an email of what an engagement says: subject, HTML, text and the MIME message itself (checklist E).
//!
//! Nothing here sends. A preview shows what this module makes, and what is sent is made by it too.

mod fill;
mod message;
mod page;
mod sanitize;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeSet;

use hub_models::channel::Language;
use hub_models::contact::EmailAddress;
use hub_models::domain::Domain;
use hub_models::email::{DEFAULT_SUBJECT, EmailBody, EmailContent, Mailbox};
use hub_models::moment::Moment;
use hub_models::placeholders::Values;
use hub_models::text::{Instruction, Name};
use url::Url;

use fill::Filler;

/// Everything that an email is made from.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    /// The tenant.
    pub domain: &'a Domain,
    /// `{{ORGANIZATION_NAME}}`
    pub organization_name: &'a str,
    /// The sender.
    pub from: &'a Mailbox,
    /// Where answers go, when not to the sender.
    pub reply_to: Option<&'a Mailbox>,
    /// Whom it goes to.
    pub recipient: &'a EmailAddress,
    /// `{{CUSTOMER_NAME}}`; the recipient where there is none.
    pub client_name: Option<&'a Name>,
    /// The language it is written in.
    pub language: Language,
    /// The brief.
    pub instruction: Option<&'a Instruction>,
    /// What it says.
    pub email: &'a EmailContent,
    /// What the writer made of the instruction, as plain text. Only an email without HTML needs it.
    pub paragraph: Option<&'a str>,
    /// Where one click ends the emails (RFC 8058). Without it no such header is written.
    pub unsubscribe: Option<&'a Url>,
    /// What its `Message-ID` begins with: the same for every attempt, so that a mail program shows it once.
    pub message_id: &'a str,
    /// Its date.
    pub now: Moment,
}

/// An email as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composed {
    /// The subject line.
    pub subject: String,
    /// The whole HTML document.
    pub html: String,
    /// The same for programs that show no HTML.
    pub text: String,
    /// The MIME message.
    pub raw: Vec<u8>,
    /// The placeholders that no value was given for.
    pub missing: BTreeSet<String>,
}

/// Why an email cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// It is made from an instruction, and the writer has not written.
    #[error("The email has neither a body nor a paragraph made from its instruction.")]
    NoParagraph,
    /// The values made it larger than mail programs take.
    #[error("The email has more than {limit} bytes once its placeholders are filled; shorten its body or its values.")]
    TooLarge {
        /// The most it may have.
        limit: usize,
    },
    /// It has more elements than any layout needs.
    #[error("The email's HTML has more than {limit} elements; simplify its layout.")]
    TooManyElements {
        /// The most it may have.
        limit: usize,
    },
    /// Its elements are nested deeper than any layout needs.
    #[error("The email's HTML is nested more than {limit} elements deep; simplify its layout.")]
    TooDeep {
        /// The deepest it may be.
        limit: usize,
    },
    /// An address cannot stand in a header.
    #[error("{address} cannot be written into an email; correct the address.")]
    Address {
        /// The address.
        address: String,
    },
    /// The message could not be put together.
    #[error("The email cannot be put together: {reason}.")]
    Message {
        /// What went wrong.
        reason: String,
    },
}

/// Makes the email of a draft.
///
/// # Errors
/// When it has no body, is too large, or an address cannot stand in a header.
pub fn compose(draft: &Draft<'_>) -> Result<Composed, ComposeError> {
    let mut filler = Filler::default();
    let subject = subject(draft, &mut filler)?;
    let body = body(draft, &subject, &mut filler)?;
    let html = page::document(draft.language, &subject, &body);
    let text = text::alternative(&body);
    let raw = message::mime(draft, &subject, &html, &text)?;
    let missing = filler.missing;
    Ok(Composed { subject, html, text, raw, missing })
}

/// The subject with its placeholders filled, else the value of `{{SUBJECT}}` as it is (checklist E5).
fn subject(draft: &Draft<'_>, filler: &mut Filler) -> Result<String, ComposeError> {
    let fallback = without_subject(draft);
    let Some(given) = &draft.email.subject else {
        return Ok(fallback);
    };
    let filled = filler.line(given.as_str(), &values(draft, &fallback))?;
    // One that consists of missing values alone would leave the reader with nothing.
    Ok(if filled.is_empty() { fallback } else { filled })
}

/// What `{{SUBJECT}}` is where no subject is given, and within the subject itself.
fn without_subject(draft: &Draft<'_>) -> String {
    let without = EmailContent { subject: None, body: EmailBody::Instruction, params: Default::default() };
    let value = without.subject_value(draft.instruction);
    fill::one_line(&value).unwrap_or_else(|| DEFAULT_SUBJECT.to_owned())
}

/// The body with its placeholders filled, and nothing in it that a mail program would run (checklist E2, E7).
///
/// It is sanitised after filling, so that no value can make something of the markup around it.
fn body(draft: &Draft<'_>, subject: &str, filler: &mut Filler) -> Result<String, ComposeError> {
    let html = match &draft.email.body {
        EmailBody::Html(html) => filler.html(html.as_str(), &values(draft, subject))?,
        EmailBody::Instruction => page::paragraphs(draft.paragraph.ok_or(ComposeError::NoParagraph)?),
    };
    sanitize::clean(&html)
}

fn values<'a>(draft: &Draft<'a>, subject: &'a str) -> Values<'a> {
    Values {
        subject,
        customer_name: draft.client_name.map_or(draft.recipient.as_str(), Name::as_str),
        organization_name: draft.organization_name,
        params: &draft.email.params,
    }
}
