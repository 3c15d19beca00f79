//! Outbound email settings as they are shown, of a domain or of one of its users.

use hub_models::domain::DomainName;
use hub_models::outbound_email::{LogoRef, OutboundEmail};
use hub_models::text::ForeignId;
use serde::Serialize;
use utoipa::ToSchema;

/// What a domain's emails carry around what they say, or what one user's emails have in place of that.
#[derive(Serialize, ToSchema)]
pub(crate) struct ShownOutboundEmail {
    #[schema(example = "acme")]
    domain_name: String,
    /// The user whose own settings these are; null for the domain's.
    external_user_id: Option<String>,
    /// `{{ORGANIZATION_NAME}}`; null is the account's name, and at a user the domain's setting.
    #[schema(example = "Acme Insurance")]
    organization_name: Option<String>,
    /// The sender; null where email is not set up, and at a user the domain's.
    #[schema(example = "Acme Insurance <hello@acme.example>")]
    from: Option<String>,
    /// Where answers go; null is the sender.
    reply_to: Option<String>,
    /// HTML above every body, with placeholders.
    #[schema(example = "<p><strong>{{ORGANIZATION_NAME}}</strong></p>")]
    header_html: Option<String>,
    /// HTML below every body, with placeholders.
    footer_html: Option<String>,
    /// The logo at the top of every email.
    logo: Option<ShownLogo>,
    /// Whether users may have settings and templates of their own; the domain's say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    outbound_email_user_overrides_enabled: Option<bool>,
    /// Whether every email ends with a link that ends the emails, and carries the headers for one click (RFC 8058); the
    /// domain's say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    unsubscribe_link: Option<bool>,
    /// When they were last changed. Send it with a change, or the `ETag` as `If-Match`, and the change is refused where
    /// someone else was faster.
    #[schema(example = "2026-06-18T14:30:00.000Z")]
    updated_at: Option<String>,
}

/// A logo, without its bytes.
#[derive(Serialize, ToSchema)]
pub(crate) struct ShownLogo {
    /// Tells this image from others.
    #[schema(example = "0e5751c026e543b2e8ab2eb06099daa1")]
    digest: String,
    #[schema(example = "image/png")]
    media_type: &'static str,
    /// In pixels.
    width: u32,
    /// In pixels.
    height: u32,
    /// Its size.
    bytes: usize,
}

impl ShownOutboundEmail {
    pub(crate) fn of(domain: &DomainName, user: Option<&ForeignId>, settings: &OutboundEmail) -> Self {
        let of_domain = user.is_none();
        Self {
            domain_name: domain.to_string(),
            external_user_id: user.map(ToString::to_string),
            organization_name: settings.organization_name.as_ref().map(ToString::to_string),
            from: settings.from.as_ref().map(ToString::to_string),
            reply_to: settings.reply_to.as_ref().map(ToString::to_string),
            header_html: settings.header_html.as_ref().map(ToString::to_string),
            footer_html: settings.footer_html.as_ref().map(ToString::to_string),
            logo: settings.logo.as_ref().map(ShownLogo::of),
            outbound_email_user_overrides_enabled: of_domain.then_some(settings.user_overrides_enabled),
            unsubscribe_link: of_domain.then_some(settings.unsubscribe_link),
            updated_at: settings.updated_at.map(|at| at.to_string()),
        }
    }
}

impl ShownLogo {
    fn of(logo: &LogoRef) -> Self {
        let LogoRef { digest, media_type, width, height, bytes } = logo.clone();
        Self { digest, media_type: media_type.media_type(), width, height, bytes }
    }
}
