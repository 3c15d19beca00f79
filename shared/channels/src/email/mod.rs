//! Makes an email of what an engagement says: subject, HTML, text and the MIME message itself (checklist E).
//!
//! Nothing here sends. A preview shows what this module makes, and what is sent is made by it too.

mod fill;
mod layout;
mod message;
mod page;
mod sanitize;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeSet;

use hub_models::channel::Language;
use hub_models::contact::EmailAddress;
use hub_models::email::{DEFAULT_SUBJECT, Mailbox, Subject, subject_of};
use hub_models::logo::Logo;
use hub_models::moment::Moment;
use hub_models::placeholders::{TemplateParams, Values};
use hub_models::text::{Instruction, Name};
use url::Url;

use crate::calendar_file::CalendarFile;
use fill::Filler;
use layout::Layout;
use page::Page;

/// Everything that an email is made from.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
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
    /// The subject that the request gave, with placeholders.
    pub subject: Option<&'a Subject>,
    /// Values of the custom placeholders.
    pub params: &'a TemplateParams,
    /// What it says.
    pub body: Body<'a>,
    /// What stands around it.
    pub branding: Branding<'a>,
    /// The booking that it tells of, for the reader's calendar (checklist M6).
    pub calendar: Option<CalendarFile<'a>>,
    /// Where its reader ends the emails, by hand or by one click (RFC 8058).
    pub unsubscribe: Option<&'a Url>,
    /// What its `Message-ID` begins with: the same for every attempt, so that a mail program shows it once. SES puts an
    /// id of its own in its place.
    pub message_id: &'a str,
    /// Its date.
    pub now: Moment,
}

/// What an email says.
#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    /// Inline HTML with placeholders (checklist E2).
    Html(&'a str),
    /// A saved template (checklist E3).
    Template {
        /// The subject where the request gave none, with placeholders.
        subject: &'a str,
        /// The body, with placeholders.
        html: &'a str,
    },
    /// What the writer made of the instruction, as plain text without placeholders (checklist E4).
    Paragraph(&'a str),
}

/// What stands around every email's body (checklist E9).
#[derive(Clone, Copy, Debug, Default)]
pub struct Branding<'a> {
    /// Above the body, with placeholders.
    pub header_html: Option<&'a str>,
    /// Below the body, with placeholders.
    pub footer_html: Option<&'a str>,
    /// At the very top.
    pub logo: Option<&'a Logo>,
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
/// When it is too large, or an address cannot stand in a header.
pub fn compose(draft: &Draft<'_>) -> Result<Composed, ComposeError> {
    let mut filler = Filler::default();
    let value = subject_value(draft, &mut filler)?;
    let subject = subject(draft, &value, &mut filler)?;
    let values = values(draft, &value);
    let header = branding(draft.branding.header_html, &values, &mut filler)?;
    let body = body(draft.body, &values, &mut filler)?;
    let footer = branding(draft.branding.footer_html, &values, &mut filler)?;
    let page = Page {
        language: draft.language,
        subject: &subject,
        logo: draft.branding.logo,
        organization_name: draft.organization_name,
        header: &header,
        body: &body,
        footer: &footer,
        unsubscribe: draft.unsubscribe,
    };
    let (html, text) = (page.document(), text::alternative(&page));
    let raw = message::mime(draft, &subject, &html, &text)?;
    Ok(Composed { subject, html, text, raw, missing: filler.missing })
}

/// Whether emails can be made from this HTML, so that it is refused when it is saved and not when it is sent.
///
/// # Errors
/// When it has more elements, or deeper ones, than any layout needs.
pub fn check(html: &str) -> Result<(), ComposeError> {
    Layout::parse(html).and_then(|layout| sanitize::clean(layout.as_str())).map(drop)
}

/// What an email's HTML calls a logo, after `cid:`.
#[must_use]
pub fn content_id(logo: &Logo) -> String {
    message::content_id(logo)
}

/// The value of `{{SUBJECT}}`: the request's subject with its placeholders filled, else the instruction, else a default
/// (checklist E5).
fn subject_value(draft: &Draft<'_>, filler: &mut Filler) -> Result<String, ComposeError> {
    let value = subject_of(draft.instruction);
    let fallback = fill::one_line(&value).unwrap_or_else(|| DEFAULT_SUBJECT.to_owned());
    match draft.subject {
        Some(given) => subject_line(given.as_str(), draft, fallback, filler),
        None => Ok(fallback),
    }
}

/// The subject line: that of the template where the request gives none, else the value of `{{SUBJECT}}` as it is.
fn subject(draft: &Draft<'_>, value: &str, filler: &mut Filler) -> Result<String, ComposeError> {
    match (draft.body, draft.subject) {
        (Body::Template { subject, .. }, None) => subject_line(subject, draft, value.to_owned(), filler),
        (Body::Html(_) | Body::Template { .. } | Body::Paragraph(_), _) => Ok(value.to_owned()),
    }
}

/// A subject with its placeholders filled. One that consists of missing values alone would leave the reader with nothing.
fn subject_line(given: &str, draft: &Draft<'_>, fallback: String, filler: &mut Filler) -> Result<String, ComposeError> {
    let filled = filler.line(given, &values(draft, &fallback))?;
    Ok(if filled.is_empty() { fallback } else { filled })
}

/// The body with its placeholders filled, and nothing in it that a mail program would run (checklist E2, E7).
fn body(body: Body<'_>, values: &Values<'_>, filler: &mut Filler) -> Result<String, ComposeError> {
    match body {
        Body::Html(html) | Body::Template { html, .. } => filled(html, values, filler),
        Body::Paragraph(text) => Ok(page::paragraphs(text)),
    }
}

fn branding(html: Option<&str>, values: &Values<'_>, filler: &mut Filler) -> Result<String, ComposeError> {
    html.map_or_else(|| Ok(String::new()), |html| filled(html, values, filler))
}

/// Settled before it is filled, so that no value can change the markup; cleaned after, so that none leads anywhere bad.
fn filled(html: &str, values: &Values<'_>, filler: &mut Filler) -> Result<String, ComposeError> {
    let layout = Layout::parse(html)?;
    sanitize::clean(&filler.html(&layout, values)?)
}

fn values<'a>(draft: &Draft<'a>, subject: &'a str) -> Values<'a> {
    Values {
        subject,
        customer_name: draft.client_name.map_or(draft.recipient.as_str(), Name::as_str),
        organization_name: draft.organization_name,
        params: draft.params,
    }
}
