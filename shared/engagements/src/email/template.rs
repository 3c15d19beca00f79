//! Finding the template that a request names, and what an email is made from where there is none (checklist E1, E3).

use std::sync::Arc;

use hub_channels::email::check;
use hub_models::channel::Channel;
use hub_models::domain::Domain;
use hub_models::email::{BodySource, EmailBody, EmailContent, RequestedEmail};
use hub_models::fault::FieldFault;
use hub_models::template::{EmailTemplate, TemplateId, TemplateName, TemplateRef, TemplateSummary};
use hub_models::text::{ForeignId, Instruction};
use hub_store::StoreError;

use super::settings::{overriding, sender_of};
use crate::Hub;

/// What an email is made from, with what its owner should know about that.
#[derive(Debug)]
pub(crate) struct Resolved {
    pub(crate) content: EmailContent,
    pub(crate) note: Option<String>,
}

/// The templates that an email of a domain can be made from, by name; none where no email can be sent (checklist J2).
///
/// # Errors
/// When a table cannot be read.
pub async fn templates_to_send(hub: &Hub, domain: &Domain) -> Result<Vec<TemplateSummary>, StoreError> {
    let enabled = domain.channels.contains(&Channel::Email);
    if !enabled || sender_of(hub, domain, None).await?.is_none() {
        return Ok(Vec::new());
    }
    hub.store.templates(&domain.domain_name, None).await
}

/// Settles where an email's body comes from: an unknown template falls through to the instruction.
///
/// The inner error is the fault of a request that has neither, or HTML that no email can be made from.
pub(crate) async fn resolve(
    hub: &Hub,
    domain: &Domain,
    user: Option<&ForeignId>,
    email: RequestedEmail,
    instruction: Option<&Instruction>,
) -> Result<Result<Resolved, FieldFault>, StoreError> {
    let RequestedEmail { subject, body, params } = email;
    let (body, note) = match body {
        BodySource::Html(html) => match check(html.as_str()) {
            Ok(()) => (EmailBody::Html(html), None),
            Err(error) => return Ok(Err(FieldFault::invalid("email_body_html", error))),
        },
        BodySource::Instruction => (EmailBody::Instruction, None),
        BodySource::Template(wanted) => match (find(hub, domain, user, &wanted).await?, instruction) {
            (Some(template), _) => (EmailBody::Template(template.template_id), None),
            (None, Some(_)) => (EmailBody::Instruction, Some(fell_through(&wanted.to_string()))),
            (None, None) => return Ok(Err(unknown(&wanted))),
        },
    };
    Ok(Ok(Resolved { content: EmailContent { subject, body, params }, note }))
}

/// What the history says where an email was not made from its template.
pub(super) fn fell_through(template: &str) -> String {
    format!("There is no template {template}; the email was made from the instruction.")
}

fn unknown(wanted: &TemplateRef) -> FieldFault {
    let detail = format!("Unknown template {wanted}; use one of the account's, or send an instruction.");
    FieldFault::invalid(wanted.field(), detail)
}

/// The template that is named, where the domain or the user has it.
async fn find(
    hub: &Hub,
    domain: &Domain,
    user: Option<&ForeignId>,
    wanted: &TemplateRef,
) -> Result<Option<Arc<EmailTemplate>>, StoreError> {
    let id = match wanted {
        TemplateRef::Id(text) => text.parse().ok(),
        TemplateRef::Name(name) => named(hub, domain, user, name).await?,
    };
    match id {
        Some(id) => usable(hub, domain, user, id).await,
        None => Ok(None),
    }
}

/// Which template has this name: the user's own, else the domain's.
async fn named(
    hub: &Hub,
    domain: &Domain,
    user: Option<&ForeignId>,
    name: &TemplateName,
) -> Result<Option<TemplateId>, StoreError> {
    let domain_name = &domain.domain_name;
    if let Some(user) = overriding(domain, user)
        && let Some(id) = hub.store.template_named(domain_name, Some(user), name).await?
    {
        return Ok(Some(id));
    }
    hub.store.template_named(domain_name, None, name).await
}

/// The template with this id, unless it is another user's own.
pub(super) async fn usable(
    hub: &Hub,
    domain: &Domain,
    user: Option<&ForeignId>,
    id: TemplateId,
) -> Result<Option<Arc<EmailTemplate>>, StoreError> {
    let template = hub.store.template_cached(&domain.domain_name, id).await?;
    let user = overriding(domain, user);
    Ok(template.filter(|template| template.external_user_id.is_none() || template.external_user_id.as_ref() == user))
}
