//! `/api/v1/email-templates`: what emails say (checklist L2).
//!
//! They are the domain's saved email templates, the same as at `/account-settings/email-templates`, under their ids in
//! short form.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use futures::future::try_join_all;
use hub_channels::email::check;
use hub_engagements::Hub;
use hub_models::domain::Domain;
use hub_models::email::Subject;
use hub_models::moment::Moment;
use hub_models::template::{EmailTemplate, MOST_TEMPLATES, TemplateHtml, TemplateId, TemplateName};
use hub_models::voice::{ShortId, in_hub_form};
use hub_store::TemplateSaved;
use hub_web::jsonapi::{
    Answer, Asked, ErrorDocument, Listing, NewResource, NoRelationships, Resource, Sent, Tenant, Timestamp,
    Unprocessable, endpoint as json_api, id_in_path,
};
use hub_web::{ApiError, App, Endpoint, json_api_documents};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::sent::email_templates::{EmailTemplateChange, NewEmailTemplate};

const TYPE: &str = "email-templates";

/// This function and its routes.
#[must_use]
pub fn endpoint() -> Endpoint {
    json_api("voice-email-templates", vec![routes!(list, create), routes!(get, update, delete)])
}

/// What an email template is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
struct EmailTemplateAttributes {
    /// What people call it; unique among the domain's.
    #[schema(example = "Weekly Specials")]
    name: String,
    /// The subject line, with variables as the hub writes them.
    #[schema(example = "Specials for {{first_name}}")]
    subject: String,
    /// The body's HTML, with variables as the hub writes them.
    #[schema(example = "<p>Hello {{first_name}}, see our weekly specials.</p>")]
    body: String,
    created_at: Timestamp,
    updated_at: Timestamp,
}

type Shown = Resource<EmailTemplateAttributes, NoRelationships>;

json_api_documents!(JsonEmailTemplateResource, JsonEmailTemplateDocument, JsonEmailTemplateList: EmailTemplateAttributes, NoRelationships);

fn shown(template: &EmailTemplate) -> Shown {
    let attributes = EmailTemplateAttributes {
        name: template.name.to_string(),
        subject: template.subject.to_string(),
        body: template.body_html.to_string(),
        created_at: template.created_at.into(),
        updated_at: template.updated_at.into(),
    };
    Resource::new(TYPE, short(template.template_id), attributes, NoRelationships {})
}

fn short(id: TemplateId) -> ShortId {
    Uuid::from(id).into()
}

/// Lists the saved email templates of the domain, by name.
#[utoipa::path(
    get, path = "/api/v1/email-templates",
    responses((status = 200, body = JsonEmailTemplateList)),
)]
async fn list(State(hub): State<App>, tenant: Tenant, asked: Asked) -> Result<Answer, ApiError> {
    let [] = asked.filters([])?;
    let domain = &tenant.domain.domain_name;
    let (page, total) = asked.page_of(hub.store.templates(domain, None).await?);
    let whole = try_join_all(page.iter().map(|summary| hub.store.template(domain, summary.template_id))).await?;
    let whole = whole.iter().flatten().map(shown).collect();
    Listing { path: "/api/v1/email-templates", asked: &asked, total }.answer(whole)
}

/// Creates an email template. `{{first-name}}` in it is filled by the envelope's `meta`.
#[utoipa::path(
    post, path = "/api/v1/email-templates",
    request_body(content = NewEmailTemplate, example = json!({"data": {"type": "email-templates", "attributes": {
        "subject": "Specials for {{first-name}}", "body": "<p>Hello {{first-name}}, see our weekly specials.</p>"}}})),
    responses(
        (status = 201, body = JsonEmailTemplateDocument),
        (status = 409, body = ErrorDocument, description = "The type is another, the name is taken, or there are too many templates."),
    ),
)]
async fn create(State(hub): State<App>, tenant: Tenant, sent: Sent) -> Result<Answer, ApiError> {
    let domain = &tenant.domain.domain_name;
    let (template, named) = read(sent.new_one(TYPE)?, hub.clock.now())?;
    if hub.store.template_count(domain, None).await? >= MOST_TEMPLATES {
        let detail =
            format!("There are {MOST_TEMPLATES} templates, which is the most; delete one that is not used any more.");
        return Err(ApiError::new(StatusCode::CONFLICT, detail));
    }
    let mut template = template;
    let mut saved = hub.store.create_template(domain, &template).await?;
    if saved == TemplateSaved::NameTaken && !named {
        template.name = numbered(&template);
        saved = hub.store.create_template(domain, &template).await?;
    }
    match saved {
        TemplateSaved::Yes => Answer::created(shown(&template)),
        TemplateSaved::NameTaken | TemplateSaved::Conflict => Err(name_taken(&template.name)),
    }
}

/// A name that nobody has, for a template that was sent without one.
fn numbered(template: &EmailTemplate) -> TemplateName {
    let name: String = template.name.as_str().chars().take(70).collect();
    let numbered = format!("{name} {}", short(template.template_id));
    TemplateName::beginning(&numbered).unwrap_or_else(|| template.name.clone())
}

fn name_taken(name: &TemplateName) -> ApiError {
    let detail = format!("There is a template named \"{name}\" already; choose another name, or change that one.");
    ApiError::new(StatusCode::CONFLICT, detail)
}

/// The template, and whether it was sent with a name. Without one it is called by its subject.
fn read(mut sent: NewResource, now: Moment) -> Result<(EmailTemplate, bool), Unprocessable> {
    let name: Option<TemplateName> = sent.line("name");
    let subject = sent.required("subject", subject).flatten();
    let body_html = body(&mut sent);
    let named = name.is_some();
    let name = name.or_else(|| TemplateName::beginning(subject.as_ref()?.as_str()));
    let template = name.zip(subject).zip(body_html).map(|((name, subject), body_html)| EmailTemplate {
        template_id: TemplateId::random(),
        external_user_id: None,
        name,
        subject,
        body_html,
        created_at: now,
        updated_at: now,
        version: 1,
    });
    sent.finish(template.map(|template| (template, named)))
}

fn subject(text: &str) -> Result<Option<Subject>, hub_models::text::TextError> {
    Subject::parse(&in_hub_form(text))
}

fn body(sent: &mut NewResource) -> Option<TemplateHtml> {
    let html = sent.required("body", |text| TemplateHtml::parse(&in_hub_form(text))).flatten()?;
    if let Err(error) = check(html.as_str()) {
        sent.fault("body", error);
    }
    Some(html)
}

/// Shows an email template.
#[utoipa::path(
    get, path = "/api/v1/email-templates/{id}",
    params(("id" = String, Path)),
    responses((status = 200, body = JsonEmailTemplateDocument)),
)]
async fn get(State(hub): State<App>, tenant: Tenant, Path(path): Path<String>) -> Result<Answer, ApiError> {
    Answer::one(shown(&find(&hub, &tenant.domain, &path).await?))
}

/// The domain's own template; what users have is theirs.
async fn find(hub: &Hub, domain: &Domain, path: &str) -> Result<EmailTemplate, ApiError> {
    let id = id_in_path(TYPE, path)?;
    let found = hub.store.template(&domain.domain_name, Uuid::from(id).into()).await?;
    let own = found.filter(|template| template.external_user_id.is_none());
    own.ok_or_else(|| ApiError::not_found(format!("There is no such resource of type {TYPE} with the id {id}.")))
}

/// Changes an email template, also for what was scheduled and has not gone out.
#[utoipa::path(
    patch, path = "/api/v1/email-templates/{id}",
    params(("id" = String, Path)),
    request_body(content = EmailTemplateChange, example = json!({"data": {
        "type": "email-templates", "id": "cu8Eo9RyrUsV4MXEiDZpLM", "attributes": {
            "subject": "For {{first-name}}: our specials"}}})),
    responses(
        (status = 200, body = JsonEmailTemplateDocument),
        (status = 409, body = ErrorDocument, description = "The type or the id is another, the name is taken, or someone else was faster."),
    ),
)]
async fn update(
    State(hub): State<App>,
    tenant: Tenant,
    Path(path): Path<String>,
    sent: Sent,
) -> Result<Answer, ApiError> {
    let before = find(&hub, &tenant.domain, &path).await?;
    let sent = sent.change_of(TYPE, short(before.template_id))?;
    let changed = changed(sent, &before, hub.clock.now())?;
    match hub.store.save_template(&tenant.domain.domain_name, &changed, &before).await? {
        TemplateSaved::Yes => Answer::one(shown(&changed)),
        TemplateSaved::NameTaken => Err(name_taken(&changed.name)),
        TemplateSaved::Conflict => Err(ApiError::overtaken()),
    }
}

fn changed(mut sent: NewResource, before: &EmailTemplate, now: Moment) -> Result<EmailTemplate, Unprocessable> {
    let name = sent.line("name").unwrap_or_else(|| before.name.clone());
    let subject = sent.parse("subject", subject).flatten().unwrap_or_else(|| before.subject.clone());
    let body_html = if sent.gives("body") { body(&mut sent) } else { Some(before.body_html.clone()) };
    let changed = body_html.map(|body_html| EmailTemplate { name, subject, body_html, ..before.clone() });
    sent.finish(changed.map(|changed| changed.after(before, now)))
}

/// Deletes an email template.
#[utoipa::path(
    delete, path = "/api/v1/email-templates/{id}",
    params(("id" = String, Path)),
    responses((status = 204)),
)]
async fn delete(State(hub): State<App>, tenant: Tenant, Path(path): Path<String>) -> Result<Answer, ApiError> {
    let template = find(&hub, &tenant.domain, &path).await?;
    if !hub.store.delete_template(&tenant.domain.domain_name, &template).await? {
        return Err(ApiError::overtaken());
    }
    Ok(Answer::gone())
}
