//! `/api/v1/voice-templates`: what calls say (checklist L2).

use axum::extract::{Path, State};
use hub_models::moment::Moment;
use hub_models::script::VoiceName;
use hub_models::voice::{KeptKind, ShortId, Template, TemplateKind, Title, Wording};
use hub_web::jsonapi::{
    Answer, Asked, NewResource, NoRelationships, Resource, Sent, Tenant, Timestamp, Unprocessable, endpoint as json_api,
};
use hub_web::{ApiError, App, Endpoint, json_api_documents};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::related::{forget_at, keep_changed, kept_at, kept_page};
use crate::sent::voice_templates::{NewVoiceTemplate, VoiceTemplateChange};

const TYPE: &str = KeptKind::VoiceTemplates.as_str();

/// This function and its routes.
#[must_use]
pub fn endpoint() -> Endpoint {
    json_api("voice-templates", vec![routes!(list, create), routes!(get, update, delete)])
}

/// What a voice template is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
struct VoiceTemplateAttributes {
    /// What people call it.
    #[schema(example = "Weekly Specials")]
    name: String,
    /// The same as `name`.
    #[schema(example = "Weekly Specials")]
    subject: String,
    /// Always `completed`: a text needs no work before it is spoken.
    #[schema(example = "completed")]
    status: &'static str,
    /// How it is made: always `text`.
    #[schema(value_type = String, example = "text")]
    kind: TemplateKind,
    /// The text, with variables.
    #[schema(example = "Hello {{first-name}}, voice template support variables.")]
    body: String,
    /// The voice that speaks it; null for the carrier's default.
    #[schema(example = "Polly-Brian")]
    voice: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

type Shown = Resource<VoiceTemplateAttributes, NoRelationships>;

json_api_documents!(VoiceTemplateResource, VoiceTemplateDocument, VoiceTemplateList: VoiceTemplateAttributes, NoRelationships);

fn shown(template: &Template) -> Shown {
    let attributes = VoiceTemplateAttributes {
        name: template.name.to_string(),
        subject: template.name.to_string(),
        status: "completed",
        kind: TemplateKind::Text,
        body: template.body().to_string(),
        voice: template.voice().map(VoiceName::to_string),
        created_at: template.created_at.into(),
        updated_at: template.updated_at.into(),
    };
    Resource::new(TYPE, template.id, attributes, NoRelationships {})
}

/// Lists the voice templates of the domain.
#[utoipa::path(
    get, path = "/api/v1/voice-templates",
    responses((status = 200, body = VoiceTemplateList)),
)]
async fn list(State(hub): State<App>, tenant: Tenant, asked: Asked) -> Result<Answer, ApiError> {
    kept_page(&hub, &tenant.domain, (KeptKind::VoiceTemplates, &asked), shown).await
}

/// Creates a voice template. `{{first-name}}` in its body is filled by the envelope's `meta`.
#[utoipa::path(
    post, path = "/api/v1/voice-templates",
    request_body(content = NewVoiceTemplate, example = json!({"data": {"type": "voice-templates", "attributes": {
        "subject": "Weekly Specials", "kind": "text",
        "body": "Hello {{first-name}}, voice template support variables.", "voice": "Polly-Brian"}}})),
    responses((status = 201, body = VoiceTemplateDocument)),
)]
async fn create(State(hub): State<App>, tenant: Tenant, sent: Sent) -> Result<Answer, ApiError> {
    let template = read(sent.new_one(TYPE)?, hub.clock.now())?;
    hub.store.keep(&tenant.domain.domain_name, &template).await?;
    Answer::created(shown(&template))
}

fn read(mut sent: NewResource, now: Moment) -> Result<Template, Unprocessable> {
    let title = title(&mut sent);
    if title.is_none() && !sent.is_at_fault("subject") && !sent.is_at_fault("name") {
        sent.fault("subject", "is required, or name.");
    }
    sent.parse("kind", str::parse::<TemplateKind>);
    let body = sent.required_text("body");
    let voice = sent.line("voice");
    let template = title.zip(body).map(|(name, body)| Template {
        id: ShortId::random(),
        version: 1,
        name,
        wording: Wording::Voice { body, voice },
        created_at: now,
        updated_at: now,
    });
    sent.finish(template)
}

/// What it is called: clients say `subject` or `name`.
fn title(sent: &mut NewResource) -> Option<Title> {
    let subject = sent.line("subject");
    sent.line("name").or(subject)
}

/// Shows a voice template.
#[utoipa::path(
    get, path = "/api/v1/voice-templates/{id}",
    params(("id" = String, Path)),
    responses((status = 200, body = VoiceTemplateDocument)),
)]
async fn get(State(hub): State<App>, tenant: Tenant, Path(path): Path<String>) -> Result<Answer, ApiError> {
    let template = kept_at(&hub, &tenant.domain, KeptKind::VoiceTemplates, &path).await?;
    Answer::one(shown(&template))
}

/// Changes a voice template. What was scheduled before says what it said then.
#[utoipa::path(
    patch, path = "/api/v1/voice-templates/{id}",
    params(("id" = String, Path)),
    request_body(content = VoiceTemplateChange, example = json!({"data": {
        "type": "voice-templates", "id": "cu8Eo9RyrUsV4MXEiDZpLM", "attributes": {
            "body": "Hello {{first-name}}, see our specials."}}})),
    responses((status = 200, body = VoiceTemplateDocument)),
)]
async fn update(
    State(hub): State<App>,
    tenant: Tenant,
    Path(path): Path<String>,
    sent: Sent,
) -> Result<Answer, ApiError> {
    let current: Template = kept_at(&hub, &tenant.domain, KeptKind::VoiceTemplates, &path).await?;
    let sent = sent.change_of(TYPE, current.id)?;
    let changed = changed(sent, current, hub.clock.now())?;
    keep_changed(&hub, &tenant.domain, &changed).await?;
    Answer::one(shown(&changed))
}

fn changed(mut sent: NewResource, current: Template, now: Moment) -> Result<Template, Unprocessable> {
    let name = title(&mut sent).unwrap_or_else(|| current.name.clone());
    sent.parse("kind", str::parse::<TemplateKind>);
    let voice = if sent.sends("voice") { sent.line("voice") } else { current.voice().cloned() };
    let body = if sent.gives("body") { sent.required_text("body") } else { Some(current.body().clone()) };
    let changed = body.map(|body| Template {
        name,
        wording: Wording::Voice { body, voice },
        version: current.version + 1,
        updated_at: now,
        ..current
    });
    sent.finish(changed)
}

/// Deletes a voice template. An engagement that needs it cannot be scheduled then; what was scheduled before goes out.
#[utoipa::path(
    delete, path = "/api/v1/voice-templates/{id}",
    params(("id" = String, Path)),
    responses((status = 204)),
)]
async fn delete(State(hub): State<App>, tenant: Tenant, Path(path): Path<String>) -> Result<Answer, ApiError> {
    forget_at::<Template>(&hub, &tenant.domain, KeptKind::VoiceTemplates, &path).await
}
