//! Whose settings an email has: the domain's, or in their place a user's, where the domain allows it (checklist E9).

use std::borrow::Cow;
use std::sync::Arc;

use hub_models::domain::Domain;
use hub_models::email::Mailbox;
use hub_models::logo::Logo;
use hub_models::outbound_email::OutboundEmail;
use hub_models::text::ForeignId;
use hub_store::StoreError;

use crate::Hub;

/// What to do where email is not set up.
pub(crate) const SET_A_SENDER: &str = "set a sender with PUT /account-settings/outbound-email";

/// Who an email of a domain, or of one of its users, is from; none where email is not set up, or no sender that is set is
/// allowed.
pub(crate) async fn sender_of(
    hub: &Hub,
    domain: &Domain,
    user: Option<&ForeignId>,
) -> Result<Option<Mailbox>, StoreError> {
    let settings = Settings::of(hub, domain, user).await?;
    Ok(settings.both.from.clone())
}

/// In whose name a domain writes.
pub(crate) async fn organization_name(hub: &Hub, domain: &Domain) -> Result<String, StoreError> {
    Settings::of(hub, domain, None).await?.organization_name(hub).await
}

/// The settings that an email has.
pub(super) struct Settings<'a> {
    domain: &'a Domain,
    /// The user that they are of, where the user has any.
    user: Option<(&'a ForeignId, Arc<OutboundEmail>)>,
    /// The domain's, with what the user has in place of them.
    pub(super) both: Cow<'a, OutboundEmail>,
}

impl<'a> Settings<'a> {
    pub(super) async fn of(hub: &Hub, domain: &'a Domain, user: Option<&'a ForeignId>) -> Result<Self, StoreError> {
        let own = domain.with_allowed_sender(&domain.outbound_email);
        let Some(user) = overriding(domain, user) else {
            return Ok(Self { domain, user: None, both: own });
        };
        let users = hub.store.user_email_cached(&domain.domain_name, user).await?;
        let both = own.with_overrides(&domain.with_allowed_sender(&users));
        Ok(Self { domain, user: Some((user, users)), both: Cow::Owned(both) })
    }

    /// `{{ORGANIZATION_NAME}}`
    pub(super) async fn organization_name(&self, hub: &Hub) -> Result<String, StoreError> {
        if let Some(name) = &self.both.organization_name {
            return Ok(name.as_str().to_owned());
        }
        let account = hub.store.account_cached(self.domain.account_id).await?;
        Ok(account.map_or(String::new(), |account| account.organization_name.as_str().to_owned()))
    }

    /// The logo with its bytes.
    pub(super) async fn logo(&self, hub: &Hub) -> Result<Option<Arc<Logo>>, StoreError> {
        let Some(logo) = &self.both.logo else { return Ok(None) };
        let users = self.user.as_ref().filter(|(_, settings)| settings.logo.is_some());
        let owner = users.map(|(user, _)| *user);
        hub.store.logo(&self.domain.domain_name, owner, &logo.digest).await
    }
}

/// The user whose settings and templates count: none where the domain does not allow them.
pub(super) fn overriding<'a>(domain: &Domain, user: Option<&'a ForeignId>) -> Option<&'a ForeignId> {
    user.filter(|_| domain.outbound_email.user_overrides_enabled)
}
