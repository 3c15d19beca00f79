//! Email templates: one item by id with everything, and one by name with all but the body.
//!
//! The second keeps names unique within their scope, the domain's or one user's, and is what lists and look-ups by
//! name read.

use std::sync::Arc;

use aws_sdk_dynamodb::types::Select;
use hub_models::domain::DomainName;
use hub_models::template::{EmailTemplate, TemplateId, TemplateName, TemplateSummary, name_key};
use hub_models::text::ForeignId;

use crate::Store;
use crate::error::StoreError;
use crate::item::{Item, n, s, to_item};
use crate::keys::{self, Key};
use crate::transaction::{Transacted, delete, put};

/// What became of a template that was to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateSaved {
    /// It was written.
    Yes,
    /// Another change came first; read it again.
    Conflict,
    /// Another template of the same scope has the name.
    NameTaken,
}

impl Store {
    /// Writes a new template.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn create_template(
        &self,
        domain: &DomainName,
        template: &EmailTemplate,
    ) -> Result<TemplateSaved, StoreError> {
        let table = &self.tables.accounts;
        let writes = vec![
            put(table, named(domain, template)?, Some("attribute_not_exists(pk)"), Item::new())?,
            put(table, to_item(&keys::template(domain, template.template_id), template)?, None, Item::new())?,
        ];
        Ok(match self.transact(writes).await? {
            Transacted::Done => TemplateSaved::Yes,
            Transacted::Refused(_) => TemplateSaved::NameTaken,
        })
    }

    /// Writes a changed template over the one that it was made from.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn save_template(
        &self,
        domain: &DomainName,
        template: &EmailTemplate,
        before: &EmailTemplate,
    ) -> Result<TemplateSaved, StoreError> {
        let table = &self.tables.accounts;
        let whole = to_item(&keys::template(domain, template.template_id), template)?;
        let version = Item::from([(":before".to_owned(), n(before.version))]);
        let mut writes = vec![put(table, whole, Some("version = :before"), version)?];
        let (old, new) = (name_of(domain, before), name_of(domain, template));
        if old == new {
            writes.push(put(table, named(domain, template)?, None, Item::new())?);
        } else {
            writes.push(put(table, named(domain, template)?, Some("attribute_not_exists(pk)"), Item::new())?);
            writes.push(delete(table, &old, None, Item::new())?);
        }
        let done = self.transact(writes).await?;
        self.forget_template(domain, before);
        Ok(match done {
            Transacted::Done => TemplateSaved::Yes,
            Transacted::Refused(reasons) if matches!(reasons.first(), Some(Some(_))) => TemplateSaved::Conflict,
            Transacted::Refused(_) => TemplateSaved::NameTaken,
        })
    }

    /// Removes a template, unless it was changed since it was read; false where it was, or is gone.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn delete_template(&self, domain: &DomainName, template: &EmailTemplate) -> Result<bool, StoreError> {
        let table = &self.tables.accounts;
        let version = Item::from([(":before".to_owned(), n(template.version))]);
        let writes = vec![
            delete(table, &keys::template(domain, template.template_id), Some("version = :before"), version)?,
            delete(table, &name_of(domain, template), None, Item::new())?,
        ];
        let done = self.transact(writes).await?;
        self.forget_template(domain, template);
        Ok(matches!(done, Transacted::Done))
    }

    /// The template as it is now.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn template(&self, domain: &DomainName, id: TemplateId) -> Result<Option<EmailTemplate>, StoreError> {
        self.read(&self.tables.accounts, &keys::template(domain, id)).await
    }

    /// The template as it was at most 30 s ago.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn template_cached(
        &self,
        domain: &DomainName,
        id: TemplateId,
    ) -> Result<Option<Arc<EmailTemplate>>, StoreError> {
        let key = (domain.clone(), id);
        if let Some(template) = self.cached.templates.get(&key) {
            return Ok(Some(template));
        }
        let template = self.template(domain, id).await?;
        Ok(template.map(|template| self.cached.templates.put(key, template)))
    }

    /// Which template of the domain, or of one user, had this name at most 30 s ago.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn template_named(
        &self,
        domain: &DomainName,
        user: Option<&ForeignId>,
        name: &TemplateName,
    ) -> Result<Option<TemplateId>, StoreError> {
        let key = keys::template_name(domain, user, &name_key(name));
        if let Some(id) = self.cached.template_names.get(&key) {
            return Ok(Some(*id));
        }
        let summary: Option<TemplateSummary> = self.read(&self.tables.accounts, &key).await?;
        Ok(summary.map(|summary| *self.cached.template_names.put(key, summary.template_id)))
    }

    /// The templates of the domain, or of one user, by name and without their bodies.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn templates(
        &self,
        domain: &DomainName,
        user: Option<&ForeignId>,
    ) -> Result<Vec<TemplateSummary>, StoreError> {
        let (pk, prefix) = (keys::domain_pk(domain), keys::template_names(user));
        self.read_all(&self.tables.accounts, &pk, &prefix).await
    }

    /// How many templates the domain, or one user, has.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn template_count(&self, domain: &DomainName, user: Option<&ForeignId>) -> Result<usize, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&self.tables.accounts)
            .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
            .expression_attribute_values(":pk", s(keys::domain_pk(domain)))
            .expression_attribute_values(":prefix", s(keys::template_names(user)))
            .select(Select::Count);
        let mut pages = query.into_paginator().send();
        let mut count = 0;
        while let Some(page) = pages.next().await {
            count += usize::try_from(page?.count).unwrap_or(0);
        }
        Ok(count)
    }

    fn forget_template(&self, domain: &DomainName, template: &EmailTemplate) {
        self.cached.templates.forget(&(domain.clone(), template.template_id));
        self.cached.template_names.forget(&name_of(domain, template));
    }
}

fn name_of(domain: &DomainName, template: &EmailTemplate) -> Key {
    keys::template_name(domain, template.external_user_id.as_ref(), &name_key(&template.name))
}

/// The item that holds a template's name.
fn named(domain: &DomainName, template: &EmailTemplate) -> Result<Item, StoreError> {
    to_item(&name_of(domain, template), &template.summary())
}
