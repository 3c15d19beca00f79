//! Everything that one email is made from, gathered, and the email that it makes.

use std::sync::Arc;

use hub_channels::ProviderError;
use hub_channels::calendar_file::CalendarFile;
use hub_channels::email::{Body, Branding, ComposeError, Composed, Draft, compose};
use hub_channels::writer::{Brief, Medium, Written};
use hub_models::calendar::Booking;
use hub_models::contact::EmailAddress;
use hub_models::domain::Domain;
use hub_models::email::{EmailBody, EmailContent, Mailbox, Subject, subject_of};
use hub_models::engagement::Content;
use hub_models::logo::Logo;
use hub_models::moment::Moment;
use hub_models::template::EmailTemplate;
use hub_models::text::{Instruction, Name};
use hub_store::StoreError;
use url::Url;

use super::settings::{SET_A_SENDER, Settings};
use super::template::{fell_through, usable};
use crate::Hub;

/// Why an email cannot be made.
#[derive(Debug, thiserror::Error)]
pub(super) enum LetterError {
    /// The domain cannot send emails.
    #[error("The domain has no sender any more: {SET_A_SENDER}.")]
    NoSender,
    /// The template was removed after the email was accepted, and there is no instruction to make it from.
    #[error("The template was removed before the email was sent, and there is no instruction; send it again.")]
    NothingToSay,
    /// The writer did not write.
    #[error(transparent)]
    Writer(#[from] ProviderError),
    /// It cannot be put together.
    #[error(transparent)]
    Compose(#[from] ComposeError),
    /// A table could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whom an email goes to, and for what.
pub(super) struct Addressed<'a> {
    pub(super) domain: &'a Domain,
    pub(super) recipient: &'a EmailAddress,
    pub(super) client_name: Option<&'a Name>,
    pub(super) content: &'a Content,
    pub(super) email: &'a EmailContent,
}

/// An email before it is composed.
pub(super) struct Letter<'a> {
    addressed: Addressed<'a>,
    settings: Settings<'a>,
    from: Mailbox,
    organization_name: String,
    logo: Option<Arc<Logo>>,
    source: Source<'a>,
    booking: Option<Booking>,
}

/// What the body is made from, read.
enum Source<'a> {
    Html(&'a str),
    Template(Arc<EmailTemplate>),
    Written { written: Written, note: Option<String> },
}

impl<'a> Letter<'a> {
    /// Reads settings, logo and template, and has the writer write where there is nothing else.
    pub(super) async fn gather(hub: &Hub, addressed: Addressed<'a>) -> Result<Self, LetterError> {
        let user = addressed.content.external_user_id.as_ref();
        let settings = Settings::of(hub, addressed.domain, user).await?;
        let from = settings.both.from.clone().ok_or(LetterError::NoSender)?;
        let (organization_name, logo) = futures::try_join!(settings.organization_name(hub), settings.logo(hub))?;
        let booking = booking(hub, &addressed).await?;
        let source = source(hub, &addressed, &organization_name).await?;
        Ok(Self { addressed, settings, from, organization_name, logo, source, booking })
    }

    pub(super) fn from(&self) -> &Mailbox {
        &self.from
    }

    pub(super) fn reply_to(&self) -> Option<&Mailbox> {
        self.settings.both.reply_to.as_ref()
    }

    pub(super) fn logo(&self) -> Option<&Logo> {
        self.logo.as_deref()
    }

    /// The calendar file of the booking that it tells of.
    pub(super) fn invitation(&self) -> Option<String> {
        self.booking.as_ref().map(|booking| self.calendar(booking).text())
    }

    /// Whether its reader is to be shown how to end the emails.
    pub(super) fn can_be_ended(&self) -> bool {
        self.settings.both.unsubscribe_link
    }

    /// What its owner should know about how it was made, besides what is missing in it.
    pub(super) fn notes(&self) -> impl Iterator<Item = String> {
        let (fell_through, written) = match &self.source {
            Source::Written { written, note } => (note.clone(), written.note.clone()),
            Source::Html(_) | Source::Template(_) => (None, None),
        };
        let wanted = self.addressed.content.booking_id.as_ref().filter(|_| self.booking.is_none());
        let no_booking = wanted.map(|id| format!("There is no booking {id}; the email has no invitation to it."));
        fell_through.into_iter().chain(written).chain(no_booking)
    }

    /// The email itself.
    pub(super) fn compose(
        &self,
        message_id: &str,
        unsubscribe: Option<&Url>,
        now: Moment,
    ) -> Result<Composed, ComposeError> {
        let Addressed { recipient, client_name, content, email, .. } = self.addressed;
        compose(&Draft {
            organization_name: &self.organization_name,
            from: &self.from,
            reply_to: self.reply_to(),
            recipient,
            client_name,
            language: content.language,
            instruction: content.instruction.as_ref(),
            subject: email.subject.as_ref(),
            params: &email.params,
            body: self.body(),
            branding: self.branding(),
            calendar: self.booking.as_ref().map(|booking| self.calendar(booking)),
            unsubscribe,
            message_id,
            now,
        })
    }

    fn body(&self) -> Body<'_> {
        match &self.source {
            Source::Html(html) => Body::Html(html),
            Source::Template(template) => {
                Body::Template { subject: template.subject.as_str(), html: template.body_html.as_str() }
            }
            Source::Written { written, .. } => Body::Paragraph(&written.paragraph),
        }
    }

    fn calendar<'b>(&'b self, booking: &'b Booking) -> CalendarFile<'b> {
        let invitation = Some((&self.from, self.addressed.recipient));
        CalendarFile { booking, organization_name: &self.organization_name, invitation }
    }

    fn branding(&self) -> Branding<'_> {
        let settings = &self.settings.both;
        Branding {
            header_html: settings.header_html.as_ref().map(|html| html.as_str()),
            footer_html: settings.footer_html.as_ref().map(|html| html.as_str()),
            logo: self.logo(),
        }
    }
}

/// The booking that the email tells of, as it is now.
async fn booking(hub: &Hub, addressed: &Addressed<'_>) -> Result<Option<Booking>, StoreError> {
    let id = addressed.content.booking_id.as_ref().and_then(|id| id.as_str().parse().ok());
    match id {
        Some(id) => hub.store.booking(&addressed.domain.domain_name, id).await,
        None => Ok(None),
    }
}

async fn source<'a>(hub: &Hub, addressed: &Addressed<'a>, organization_name: &str) -> Result<Source<'a>, LetterError> {
    let Addressed { domain, content, email, .. } = addressed;
    let (instruction, user) = (content.instruction.as_ref(), content.external_user_id.as_ref());
    match &email.body {
        EmailBody::Html(html) => Ok(Source::Html(html.as_str())),
        EmailBody::Template(id) => match (usable(hub, domain, user, *id).await?, instruction) {
            (Some(template), _) => Ok(Source::Template(template)),
            (None, Some(instruction)) => {
                let note = Some(fell_through(&id.to_string()));
                write(hub, addressed, instruction, organization_name)
                    .await
                    .map(|written| Source::Written { written, note })
            }
            (None, None) => Err(LetterError::NothingToSay),
        },
        EmailBody::Instruction => {
            let instruction = instruction.ok_or(LetterError::NothingToSay)?;
            let written = write(hub, addressed, instruction, organization_name).await?;
            Ok(Source::Written { written, note: None })
        }
    }
}

async fn write(
    hub: &Hub,
    addressed: &Addressed<'_>,
    instruction: &Instruction,
    organization_name: &str,
) -> Result<Written, LetterError> {
    // A writer that is shown a placeholder repeats it.
    let given = addressed.email.subject.as_ref().map(Subject::as_str).filter(|subject| !subject.contains("{{"));
    let brief = Brief {
        instruction,
        language: addressed.content.language,
        client_name: addressed.client_name,
        organization_name,
        subject: &given.map_or_else(|| subject_of(Some(instruction)), str::to_owned),
        medium: Medium::Email,
    };
    Ok(hub.writer.paragraph(&brief).await?)
}
