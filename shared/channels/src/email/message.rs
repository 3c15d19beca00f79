//! The MIME message. Headers are encoded by the library, so no value can begin another header.

use std::time::{Duration, SystemTime};

use hub_models::contact::EmailAddress;
use hub_models::email::Mailbox;
use hub_models::moment::Moment;
use lettre::Address;
use lettre::address::Envelope;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{self, Message, MessageBuilder, MultiPart};
use url::Url;

use super::fill::single_spaced;
use super::{ComposeError, Draft};
use crate::address;

/// The whole message: HTML and its text alternative, with every header but those of the mail server.
pub(super) fn mime(draft: &Draft<'_>, subject: &str, html: &str, text: &str) -> Result<Vec<u8>, ComposeError> {
    let from = mailbox(&draft.from.address, draft.from.name.as_ref().map(|name| name.as_str()))?;
    let to = mailbox(draft.recipient, draft.client_name.map(|name| name.as_str()))?;
    let id = message_id(draft.message_id, from.email.domain());
    let mut builder = Message::builder()
        .envelope(envelope(&from, &to)?)
        .from(from)
        .to(to)
        .subject(subject)
        .date(date(draft.now))
        .message_id(Some(id));
    if let Some(Mailbox { name, address }) = draft.reply_to {
        builder = builder.reply_to(mailbox(address, name.as_ref().map(|name| name.as_str()))?);
    }
    if let Some(url) = draft.unsubscribe {
        builder = one_click(builder, url);
    }
    let parts = MultiPart::alternative_plain_html(text.to_owned(), html.to_owned());
    let message = builder.multipart(parts).map_err(|error| not_made(&error))?;
    Ok(message.formatted())
}

/// An address with the name that a mail program shows.
fn mailbox(email: &EmailAddress, name: Option<&str>) -> Result<message::Mailbox, ComposeError> {
    let wrong = || ComposeError::Address { address: email.to_string() };
    let (local, host) = address::ascii(email).ok_or_else(wrong)?;
    let email = Address::new(local, host).map_err(|_| wrong())?;
    Ok(message::Mailbox::new(name.map(single_spaced), email))
}

/// Given, so that the library does not read it back from the headers.
fn envelope(from: &message::Mailbox, to: &message::Mailbox) -> Result<Envelope, ComposeError> {
    Envelope::new(Some(from.email.clone()), vec![to.email.clone()]).map_err(|error| not_made(&error))
}

/// `<id@host>`, with nothing in the id that an identifier must not have.
fn message_id(id: &str, host: &str) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let id: String = id.chars().filter(plain).collect();
    format!("<{id}@{host}>")
}

/// The header's date; it has no way to show a time before 1970.
fn date(now: Moment) -> SystemTime {
    let ms = u64::try_from(now.as_millisecond()).unwrap_or(0);
    SystemTime::UNIX_EPOCH + Duration::from_millis(ms)
}

/// The headers by which a mail program ends the emails with one click (RFC 8058).
fn one_click(builder: MessageBuilder, url: &Url) -> MessageBuilder {
    const LIST: HeaderName = HeaderName::new_from_ascii_str("List-Unsubscribe");
    const POST: HeaderName = HeaderName::new_from_ascii_str("List-Unsubscribe-Post");
    // A URL is ASCII without spaces. It must stay whole, so it is not left to the encoder to fold.
    let link = format!("<{url}>");
    builder
        .raw_header(HeaderValue::dangerous_new_pre_encoded(LIST, link.clone(), link))
        .raw_header(HeaderValue::new(POST, "List-Unsubscribe=One-Click".to_owned()))
}

fn not_made(error: &dyn std::error::Error) -> ComposeError {
    ComposeError::Message { reason: error.to_string() }
}
