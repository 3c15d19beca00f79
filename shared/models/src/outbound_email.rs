//! What a domain's emails carry around what they say: sender, organisation, header, footer and logo (checklist E9).

use serde::{Deserialize, Serialize};

use crate::email::Mailbox;
use crate::logo::LogoType;
use crate::moment::Moment;
use crate::text::{Line, Text};

/// The name in `{{ORGANIZATION_NAME}}`.
pub type OrganizationName = Line<200>;
/// A header's or a footer's HTML, with placeholders.
pub type BrandingHtml = Text<20_000>;

/// The settings of a domain's emails, or what one user's emails have in place of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboundEmail {
    /// The name in `{{ORGANIZATION_NAME}}`; the account's where none is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_name: Option<OrganizationName>,
    /// The sender. Without one the email channel is not set up (checklist D2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Mailbox>,
    /// Where answers go, when not to the sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Mailbox>,
    /// What stands above every body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header_html: Option<BrandingHtml>,
    /// What stands below every body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footer_html: Option<BrandingHtml>,
    /// The logo at the top.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<LogoRef>,
    /// Whether users may have settings and templates of their own. It counts at the domain only.
    #[serde(default, rename = "outbound_email_user_overrides_enabled")]
    pub user_overrides_enabled: bool,
    /// Whether emails can be ended by their reader: by a line at their end, and by one click (RFC 8058). It counts at
    /// the domain only.
    #[serde(default = "on")]
    pub unsubscribe_link: bool,
    /// When they were last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Moment>,
    /// Counts the changes, so that two at once do not undo each other.
    #[serde(default)]
    pub version: u64,
}

/// A logo that is kept, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogoRef {
    /// Its content in a few characters, by which it is found.
    pub digest: String,
    /// What kind of image it is.
    pub media_type: LogoType,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Its size.
    pub bytes: usize,
}

fn on() -> bool {
    true
}

impl Default for OutboundEmail {
    fn default() -> Self {
        Self {
            organization_name: None,
            from: None,
            reply_to: None,
            header_html: None,
            footer_html: None,
            logo: None,
            user_overrides_enabled: false,
            unsubscribe_link: on(),
            updated_at: None,
            version: 0,
        }
    }
}

impl OutboundEmail {
    /// These settings as the next version after another. No two versions have the same time.
    #[must_use]
    pub fn after(self, before: &Self, now: Moment) -> Self {
        let updated_at = before.updated_at.map_or(now, |at| now.or_after(at));
        Self { updated_at: Some(updated_at), version: before.version + 1, ..self }
    }

    /// These settings with what a user has in place of them.
    #[must_use]
    pub fn with_overrides(&self, user: &Self) -> Self {
        let (user, domain) = (user.clone(), self.clone());
        Self {
            organization_name: user.organization_name.or(domain.organization_name),
            from: user.from.or(domain.from),
            reply_to: user.reply_to.or(domain.reply_to),
            header_html: user.header_html.or(domain.header_html),
            footer_html: user.footer_html.or(domain.footer_html),
            logo: user.logo.or(domain.logo),
            ..domain
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_has_the_domains_settings_where_it_has_none_of_its_own() {
        let line = |text| OrganizationName::parse(text).unwrap();
        let domain = OutboundEmail {
            organization_name: line("Acme"),
            from: Some("hello@acme.example".parse().unwrap()),
            unsubscribe_link: false,
            ..OutboundEmail::default()
        };
        let user = OutboundEmail { organization_name: line("Acme North"), ..OutboundEmail::default() };
        let both = domain.with_overrides(&user);
        assert_eq!(both.organization_name, user.organization_name);
        assert_eq!(both.from, domain.from);
        assert!(!both.unsubscribe_link);
    }
}
