//! The MIME message. Headers are encoded by the library, so no value can begin another header.

use std::time::{Duration, SystemTime};

use hub_models::contact::EmailAddress;
use hub_models::email::Mailbox;
use hub_models::logo::Logo;
use hub_models::moment::Moment;
use lettre::Address;
use lettre::address::Envelope;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{self, Attachment, Message, MessageBuilder, MultiPart, SinglePart};
use url::Url;

use super::fill::single_spaced;
use super::{ComposeError, Draft};
use crate::address;
use crate::calendar_file::CalendarFile;

/// The whole message: HTML with its logo and the text alternative, with every header but those of the mail server.
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
    let message =
        builder.multipart(with_calendar(draft, parts(draft, html, text)?)?).map_err(|error| not_made(&error))?;
    Ok(message.formatted())
}

/// The text, then the HTML: a mail program shows the last part that it can. The logo belongs to the HTML (RFC 2387).
fn parts(draft: &Draft<'_>, html: &str, text: &str) -> Result<MultiPart, ComposeError> {
    let (text, html) = (SinglePart::plain(text.to_owned()), SinglePart::html(html.to_owned()));
    let alternatives = MultiPart::alternative().singlepart(text);
    let alternatives = match draft.branding.logo {
        Some(logo) => alternatives.multipart(related(logo)?.singlepart(html).singlepart(inline(logo)?)),
        None => alternatives.singlepart(html),
    };
    Ok(match &draft.calendar {
        Some(calendar) => alternatives.singlepart(invitation(calendar)?),
        None => alternatives,
    })
}

/// The invitation as the last alternative, which is what mail programs with a calendar show (RFC 6047).
fn invitation(calendar: &CalendarFile<'_>) -> Result<SinglePart, ComposeError> {
    let media_type = format!("text/calendar; charset=utf-8; method={}", calendar.method().as_str());
    let media_type = ContentType::parse(&media_type).map_err(|error| not_made(&error))?;
    Ok(SinglePart::builder().header(media_type).body(calendar.text()))
}

/// The whole with the calendar's file beside it: other mail programs offer it as an attachment.
fn with_calendar(draft: &Draft<'_>, shown: MultiPart) -> Result<MultiPart, ComposeError> {
    let Some(calendar) = &draft.calendar else { return Ok(shown) };
    let media_type = ContentType::parse("application/ics").map_err(|error| not_made(&error))?;
    let file = Attachment::new("appointment.ics".to_owned()).body(calendar.text(), media_type);
    Ok(MultiPart::mixed().multipart(shown).singlepart(file))
}

/// The part around the HTML and its logo, which says that the HTML is what is to be shown: some mail programs show the
/// logo as an attachment where nothing says so.
fn related(logo: &Logo) -> Result<MultiPart, ComposeError> {
    let media_type = format!("multipart/related; type=\"text/html\"; boundary=\"related-{}\"", logo.digest());
    let media_type = ContentType::parse(&media_type).map_err(|error| not_made(&error))?;
    Ok(MultiPart::builder().header(media_type).build())
}

/// The logo as a part that the HTML shows by its `Content-ID` (RFC 2392).
fn inline(logo: &Logo) -> Result<SinglePart, ComposeError> {
    let media_type = ContentType::parse(logo.media_type.media_type()).map_err(|error| not_made(&error))?;
    let file_name = format!("logo.{}", logo.media_type.extension());
    Ok(Attachment::new_inline_with_name(content_id(logo), file_name).body(logo.bytes.clone(), media_type))
}

/// What the HTML calls the logo: the same for the same image, so that a mail program keeps it once.
pub(super) fn content_id(logo: &Logo) -> String {
    format!("logo-{}@hub", logo.digest())
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
    let builder = builder.raw_header(HeaderValue::dangerous_new_pre_encoded(LIST, link.clone(), link));
    // One click is promised of https addresses only.
    match url.scheme() {
        "https" => builder.raw_header(HeaderValue::new(POST, "List-Unsubscribe=One-Click".to_owned())),
        _ => builder,
    }
}

fn not_made(error: &dyn std::error::Error) -> ComposeError {
    ComposeError::Message { reason: error.to_string() }
}
