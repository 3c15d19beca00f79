//! What surrounds emails, beyond the domain's own settings: those of single users, and the logos of both.

use std::sync::Arc;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use hub_models::domain::DomainName;
use hub_models::logo::{Logo, LogoType};
use hub_models::outbound_email::{LogoRef, OutboundEmail};
use hub_models::text::ForeignId;
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::access::if_condition_held;
use crate::domains::Saved;
use crate::error::StoreError;
use crate::item::{Item, n, to_item};
use crate::keys;

#[derive(Serialize, Deserialize)]
struct KeptLogo {
    media_type: LogoType,
    width: u32,
    height: u32,
}

impl Store {
    /// What a user's emails have in place of the domain's settings, as it is now.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn user_email(&self, domain: &DomainName, user: &ForeignId) -> Result<Option<OutboundEmail>, StoreError> {
        self.read(&self.tables.accounts, &keys::user_email(domain, user)).await
    }

    /// The same as it was at most 30 s ago; the default where the user has nothing of its own.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn user_email_cached(
        &self,
        domain: &DomainName,
        user: &ForeignId,
    ) -> Result<Arc<OutboundEmail>, StoreError> {
        let key = (domain.clone(), user.clone());
        if let Some(settings) = self.cached.user_emails.get(&key) {
            return Ok(settings);
        }
        let settings = self.user_email(domain, user).await?;
        Ok(self.cached.user_emails.put(key, settings.unwrap_or_default()))
    }

    /// Writes a user's settings over those that they were made from.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn save_user_email(
        &self,
        domain: &DomainName,
        user: &ForeignId,
        settings: &OutboundEmail,
        version_before: u64,
    ) -> Result<Saved, StoreError> {
        let item = to_item(&keys::user_email(domain, user), settings)?;
        let before = (version_before > 0).then(|| Item::from([(":before".to_owned(), n(version_before))]));
        let sent = self
            .client
            .put_item()
            .table_name(&self.tables.accounts)
            .set_item(Some(item))
            .condition_expression(if version_before == 0 { "attribute_not_exists(pk)" } else { "version = :before" })
            .set_expression_attribute_values(before)
            .send()
            .await;
        self.cached.user_emails.forget(&(domain.clone(), user.clone()));
        let written = if_condition_held(sent)?.is_some();
        Ok(if written { Saved::Yes } else { Saved::Conflict })
    }

    /// Keeps a logo of the domain or of one user, under its digest: what is there already is the same. It is kept for
    /// good, because emails on their way may name it after the settings do not.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn keep_logo(
        &self,
        domain: &DomainName,
        user: Option<&ForeignId>,
        logo: &Logo,
    ) -> Result<LogoRef, StoreError> {
        let Logo { media_type, width, height, .. } = *logo;
        let digest = logo.digest();
        let kept = KeptLogo { media_type, width, height };
        let mut item = to_item(&keys::logo(domain, user, &digest), &kept)?;
        item.insert("bytes".to_owned(), AttributeValue::B(Blob::new(logo.bytes.clone())));
        self.client.put_item().table_name(&self.tables.accounts).set_item(Some(item)).send().await?;
        Ok(LogoRef { digest, media_type, width, height, bytes: logo.bytes.len() })
    }

    /// A logo with its bytes. It never changes, so it is read once.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn logo(
        &self,
        domain: &DomainName,
        user: Option<&ForeignId>,
        digest: &str,
    ) -> Result<Option<Arc<Logo>>, StoreError> {
        let key = keys::logo(domain, user, digest);
        if let Some(logo) = self.cached.logos.get(&key) {
            return Ok(Some(logo));
        }
        let get = self.client.get_item().table_name(&self.tables.accounts).set_key(Some(key.attributes()));
        let Some(mut item) = get.consistent_read(true).send().await?.item else { return Ok(None) };
        let Some(AttributeValue::B(bytes)) = item.remove("bytes") else { return Ok(None) };
        let KeptLogo { media_type, width, height } = serde_dynamo::from_item(item)?;
        let logo = Logo { media_type, bytes: bytes.into_inner(), width, height };
        Ok(Some(self.cached.logos.put(key, logo)))
    }
}
