//! An email as it would be sent, without sending it (checklist E14).

use std::collections::BTreeSet;
use std::sync::Arc;

use hub_channels::ProviderError;
use hub_channels::email::{ComposeError, content_id};
use hub_models::channel::Language;
use hub_models::contact::EmailAddress;
use hub_models::domain::Domain;
use hub_models::email::{Mailbox, RequestedEmail};
use hub_models::engagement::Content;
use hub_models::fault::FieldFault;
use hub_models::logo::Logo;
use hub_models::text::{ForeignId, Instruction, Name};
use hub_store::StoreError;
use url::Url;

use super::letter::{Addressed, Letter, LetterError};
use super::settings::SET_A_SENDER;
use super::template::resolve;
use super::unsubscribe::preview_link;
use crate::Hub;

/// What is to be shown.
pub struct PreviewRequest {
    /// The tenant.
    pub domain: Arc<Domain>,
    /// Whom it would go to.
    pub recipient: EmailAddress,
    /// The recipient's name.
    pub client_name: Option<Name>,
    /// The brief.
    pub instruction: Option<Instruction>,
    /// What it would say.
    pub email: RequestedEmail,
    /// The language it would be written in.
    pub language: Language,
    /// The user whose settings apply.
    pub external_user_id: Option<ForeignId>,
    /// The booking that it would be an invitation to.
    pub booking_id: Option<ForeignId>,
}

/// An email as it would be sent.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The sender.
    pub from: Mailbox,
    /// Where answers would go.
    pub reply_to: Option<Mailbox>,
    /// The subject line.
    pub subject: String,
    /// The whole HTML document.
    pub html: String,
    /// The text alternative.
    pub text: String,
    /// The logo and what the HTML calls it.
    pub logo: Option<(String, Logo)>,
    /// The calendar file of the booking that it tells of.
    pub invitation: Option<String>,
    /// The placeholders that no value was given for.
    pub missing: BTreeSet<String>,
    /// What the history would say about how it was made.
    pub notes: Vec<String>,
    /// How large the whole message is, in bytes.
    pub bytes: usize,
}

/// Why there is nothing to be shown.
#[derive(Debug, thiserror::Error)]
pub enum PreviewError {
    /// There is nothing that such an email could be made from.
    #[error("{}", .0.detail)]
    Unfit(FieldFault),
    /// The domain cannot send emails.
    #[error("Channel email is not set up for domain \"{0}\": {SET_A_SENDER}.")]
    NoSender(hub_models::domain::DomainName),
    /// The writer did not write.
    #[error(transparent)]
    Writer(ProviderError),
    /// It cannot be put together.
    #[error(transparent)]
    Compose(ComposeError),
    /// A table could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Shows an email as it would be sent. `public_url` is where the hub is reached, for its links.
///
/// # Errors
/// When such an email would not be accepted, or could not be made.
pub async fn preview(hub: &Hub, request: PreviewRequest, public_url: Option<&Url>) -> Result<Preview, PreviewError> {
    let PreviewRequest { domain, recipient, client_name, instruction, email, language, external_user_id, booking_id } =
        request;
    let resolved = resolve(hub, &domain, external_user_id.as_ref(), email, instruction.as_ref()).await?;
    let resolved = resolved.map_err(PreviewError::Unfit)?;
    let email = resolved.content;
    let content = Content {
        instruction,
        email: Some(email.clone()),
        language,
        external_user_id,
        booking_id,
        context: None,
        scenario: None,
        scripts: None,
    };
    let client_name = client_name.as_ref();
    let addressed = Addressed { domain: &domain, recipient: &recipient, client_name, content: &content, email: &email };
    let letter = Letter::gather(hub, addressed).await.map_err(|error| not_made(error, &domain))?;
    let unsubscribe = public_url.filter(|_| letter.can_be_ended()).map(preview_link);
    let composed = letter.compose("preview", unsubscribe.as_ref(), hub.clock.now()).map_err(PreviewError::Compose)?;
    Ok(Preview {
        from: letter.from().clone(),
        reply_to: letter.reply_to().cloned(),
        subject: composed.subject,
        html: composed.html,
        text: composed.text,
        logo: letter.logo().map(|logo| (content_id(logo), logo.clone())),
        invitation: letter.invitation(),
        missing: composed.missing,
        notes: resolved.note.into_iter().chain(letter.notes()).collect(),
        bytes: composed.raw.len(),
    })
}

fn not_made(error: LetterError, domain: &Domain) -> PreviewError {
    match error {
        LetterError::NoSender => PreviewError::NoSender(domain.domain_name.clone()),
        // It was there a moment ago: the same as if it had never been.
        LetterError::NothingToSay => {
            PreviewError::Unfit(FieldFault::invalid("email_template_id", "Unknown template; use one of the account's."))
        }
        LetterError::Writer(error) => PreviewError::Writer(error),
        LetterError::Compose(error) => PreviewError::Compose(error),
        LetterError::Store(error) => PreviewError::Store(error),
    }
}
