//! Ending the emails to a contact by a signed link, by hand or by one click of a mail program (RFC 8058).

use hub_auth::LinkKey;
use hub_channels::ProviderError;
use hub_channels::secrets::SecretsError;
use hub_models::channel::{Channel, Language};
use hub_models::contact::{Contact, EmailAddress};
use hub_models::do_not_contact::{AddedBy, Reason, Scope};
use hub_models::domain::Domain;
use hub_models::engagement::{Content, Engagement};
use hub_models::id::EngagementId;
use hub_models::outside::below;
use hub_store::StoreError;
use url::Url;

use super::settings::Settings;
use crate::Hub;
use crate::do_not_contact::close;

/// Where an unsubscribe link leads, below the hub's address; its token follows.
const PATH: &str = "contacts/unsubscribe/";

/// The token of a link in a preview, which no engagement has.
const PREVIEW_TOKEN: &str = "preview";

/// Why a contact is on the do-not-contact list that unsubscribed.
const REASON: &str = "Unsubscribed by the link in an email.";

/// Why a signed link could not be made or followed now.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// A table could not be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The key of the links could not be read.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
}

/// Whose emails an unsubscribe link ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Followed {
    /// Those to the reader of an email.
    Of(Reader),
    /// Nobody's: it stood in a preview, or in an email of test mode, which its contact did not get.
    Preview,
    /// Nobody's: the hub did not make it, or its email is forgotten.
    Unknown,
}

/// Who follows an unsubscribe link, as far as a page tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// Who wrote the emails.
    pub organization_name: String,
    /// The address, masked: whoever was forwarded the email must not learn it.
    pub address: String,
    /// The language of the email.
    pub language: Language,
    /// Whether there are no emails to end any more.
    pub unsubscribed: bool,
}

/// The unsubscribe link of an engagement's email.
pub(super) async fn link(hub: &Hub, public_url: &Url, id: EngagementId) -> Result<Url, ProviderError> {
    let key = link_key(hub).await.map_err(|error| {
        // The history is the tenant's, so it has nothing of the inside.
        tracing::error!(%error, "the key of the links cannot be read");
        ProviderError::OutOfOrder { reason: "The email's unsubscribe link could not be made.".to_owned() }
    })?;
    Ok(below(public_url, &format!("{PATH}{}", key.unsubscribe_token(id))))
}

/// The link that a preview shows.
pub(super) fn preview_link(public_url: &Url) -> Url {
    below(public_url, &format!("{PATH}{PREVIEW_TOKEN}"))
}

/// The key of every link that the hub signs.
pub(crate) async fn link_key(hub: &Hub) -> Result<LinkKey, SecretsError> {
    hub.secrets.get(&hub.settings.link_key_secret).await.map(LinkKey::new)
}

/// Who would be unsubscribed by this token.
///
/// # Errors
/// When a table or the key cannot be read.
pub async fn reader_of(hub: &Hub, token: &str) -> Result<Followed, LinkError> {
    Link::of(hub, token).await?.followed(hub).await
}

/// Ends the emails to whoever the token was sent to. Doing it twice is doing it once.
///
/// # Errors
/// When a table or the key cannot be used; the reader should try again.
pub async fn unsubscribe(hub: &Hub, token: &str) -> Result<Followed, LinkError> {
    let link = Link::of(hub, token).await?;
    if let Link::In(mail) = &link {
        let reason = Reason::beginning(REASON);
        close(hub, &mail.engagement, Scope::Email, AddedBy::Recipient, reason).await?;
    }
    link.followed(hub).await
}

/// Where a link stood.
enum Link {
    In(Box<Mail>),
    InPreview,
    Nowhere,
}

impl Link {
    async fn of(hub: &Hub, token: &str) -> Result<Self, LinkError> {
        if token == PREVIEW_TOKEN {
            return Ok(Self::InPreview);
        }
        Ok(match Mail::of(hub, token).await? {
            Some(mail) if mail.engagement.test_mode => Self::InPreview,
            Some(mail) => Self::In(Box::new(mail)),
            None => Self::Nowhere,
        })
    }

    async fn followed(self, hub: &Hub) -> Result<Followed, LinkError> {
        Ok(match self {
            Self::In(mail) => Followed::Of(mail.reader(hub).await?),
            Self::InPreview => Followed::Preview,
            Self::Nowhere => Followed::Unknown,
        })
    }
}

/// The email that a link stood in.
struct Mail {
    engagement: Engagement,
    address: EmailAddress,
    domain: std::sync::Arc<Domain>,
    content: Option<Content>,
}

impl Mail {
    async fn of(hub: &Hub, token: &str) -> Result<Option<Self>, LinkError> {
        let Some(id) = link_key(hub).await?.read_unsubscribe_token(token) else { return Ok(None) };
        let (engagement, content) = futures::try_join!(hub.store.engagement(id), hub.store.content(id))?;
        let Some(engagement) = engagement else { return Ok(None) };
        let Contact::Email(address) = engagement.contact.clone() else { return Ok(None) };
        // A short row of a campaign has what it says beside it.
        let content = content.or_else(|| engagement.content.as_deref().cloned());
        let domain = hub.store.domain_cached(&engagement.domain_name).await?;
        Ok(domain.map(|domain| Self { engagement, address, domain, content }))
    }

    async fn reader(&self, hub: &Hub) -> Result<Reader, LinkError> {
        let user = self.content.as_ref().and_then(|content| content.external_user_id.as_ref());
        let settings = Settings::of(hub, &self.domain, user).await?;
        let (organization_name, contact) = (settings.organization_name(hub).await?, &self.engagement.contact);
        let entry = hub.store.do_not_contact(&self.domain.domain_name, contact, Channel::Email).await?;
        Ok(Reader {
            organization_name,
            address: self.address.masked(),
            language: self.content.as_ref().map_or(Language::En, |content| content.language),
            unsubscribed: entry.is_some(),
        })
    }
}
