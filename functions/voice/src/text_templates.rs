//! `/api/v1/text-templates`: what text messages say (checklist L2).

use axum::extract::{Path, State};
use hub_models::moment::Moment;
use hub_models::voice::{KeptKind, ShortId, Template, Title, Wording};
use hub_web::jsonapi::{
    Answer, Asked, NewResource, NoRelationships, Resource, Sent, Tenant, Timestamp, Unprocessable, endpoint as json_api,
};
use hub_web::{ApiError, App, Endpoint, json_api_documents};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::related::{forget_at, keep_changed, kept_at, kept_page};
use crate::sent::text_templates::{NewTextTemplate, TextTemplateChange};

const TYPE: &str = KeptKind::TextTemplates.as_str();

/// This function and its routes.
#[must_use]
pub fn endpoint() -> Endpoint {
    json_api("voice-text-templates", vec![routes!(list, create), routes!(get, update, delete)])
}

/// What a text template is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
struct TextTemplateAttributes {
    /// What people call it.
    #[schema(example = "Weekly Specials")]
    name: String,
    /// The text, with variables.
    #[schema(example = "Hello {{first-name}}, see our weekly specials.")]
    body: String,
    created_at: Timestamp,
    updated_at: Timestamp,
}

type Shown = Resource<TextTemplateAttributes, NoRelationships>;

json_api_documents!(TextTemplateResource, TextTemplateDocument, TextTemplateList: TextTemplateAttributes, NoRelationships);

fn shown(template: &Template) -> Shown {
    let attributes = TextTemplateAttributes {
        name: template.name.to_string(),
        body: template.body().to_string(),
        created_at: template.created_at.into(),
        updated_at: template.updated_at.into(),
    };
    Resource::new(TYPE, template.id, attributes, NoRelationships {})
}

/// Lists the text templates of the domain.
#[utoipa::path(
    get, path = "/api/v1/text-templates",
    responses((status = 200, body = TextTemplateList)),
)]
async fn list(State(hub): State<App>, tenant: Tenant, asked: Asked) -> Result<Answer, ApiError> {
    kept_page(&hub, &tenant.domain, (KeptKind::TextTemplates, &asked), shown).await
}

/// Creates a text template. `{{first-name}}` in its body is filled by the envelope's `meta`.
#[utoipa::path(
    post, path = "/api/v1/text-templates",
    request_body(content = NewTextTemplate, example = json!({"data": {"type": "text-templates", "attributes": {
        "name": "Weekly Specials",
        "body": "Hello {{first-name}}, see our weekly specials."}}})),
    responses((status = 201, body = TextTemplateDocument)),
)]
async fn create(State(hub): State<App>, tenant: Tenant, sent: Sent) -> Result<Answer, ApiError> {
    let template = read(sent.new_one(TYPE)?, hub.clock.now())?;
    hub.store.keep(&tenant.domain.domain_name, &template).await?;
    Answer::created(shown(&template))
}

fn read(mut sent: NewResource, now: Moment) -> Result<Template, Unprocessable> {
    let title: Option<Title> = sent.required("name", Title::parse).flatten();
    let body = sent.required_text("body");
    let template = title.zip(body).map(|(name, body)| Template {
        id: ShortId::random(),
        version: 1,
        name,
        wording: Wording::Text { body },
        created_at: now,
        updated_at: now,
    });
    sent.finish(template)
}

/// Shows a text template.
#[utoipa::path(
    get, path = "/api/v1/text-templates/{id}",
    params(("id" = String, Path)),
    responses((status = 200, body = TextTemplateDocument)),
)]
async fn get(State(hub): State<App>, tenant: Tenant, Path(path): Path<String>) -> Result<Answer, ApiError> {
    let template = kept_at(&hub, &tenant.domain, KeptKind::TextTemplates, &path).await?;
    Answer::one(shown(&template))
}

/// Changes a text template. What was scheduled before says what it said then.
#[utoipa::path(
    patch, path = "/api/v1/text-templates/{id}",
    params(("id" = String, Path)),
    request_body(content = TextTemplateChange, example = json!({"data": {
        "type": "text-templates", "id": "cu8Eo9RyrUsV4MXEiDZpLM", "attributes": {
            "body": "Hello {{first-name}}, see our specials."}}})),
    responses((status = 200, body = TextTemplateDocument)),
)]
async fn update(
    State(hub): State<App>,
    tenant: Tenant,
    Path(path): Path<String>,
    sent: Sent,
) -> Result<Answer, ApiError> {
    let current: Template = kept_at(&hub, &tenant.domain, KeptKind::TextTemplates, &path).await?;
    let sent = sent.change_of(TYPE, current.id)?;
    let changed = changed(sent, current, hub.clock.now())?;
    keep_changed(&hub, &tenant.domain, &changed).await?;
    Answer::one(shown(&changed))
}

fn changed(mut sent: NewResource, current: Template, now: Moment) -> Result<Template, Unprocessable> {
    let name = sent.line("name").unwrap_or_else(|| current.name.clone());
    let body = if sent.gives("body") { sent.required_text("body") } else { Some(current.body().clone()) };
    let changed = body.map(|body| Template {
        name,
        wording: Wording::Text { body },
        version: current.version + 1,
        updated_at: now,
        ..current
    });
    sent.finish(changed)
}

/// Deletes a text template. An engagement that needs it cannot be scheduled then; what was scheduled before goes out.
#[utoipa::path(
    delete, path = "/api/v1/text-templates/{id}",
    params(("id" = String, Path)),
    responses((status = 204)),
)]
async fn delete(State(hub): State<App>, tenant: Tenant, Path(path): Path<String>) -> Result<Answer, ApiError> {
    forget_at::<Template>(&hub, &tenant.domain, KeptKind::TextTemplates, &path).await
}
