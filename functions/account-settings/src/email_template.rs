//! Email templates as they are read from requests and shown (checklist E10).

use hub_channels::email::check;
use hub_engagements::Hub;
use hub_models::domain::DomainName;
use hub_models::email::Subject;
use hub_models::moment::Moment;
use hub_models::template::{EmailTemplate, TemplateHtml, TemplateId, TemplateName};
use hub_models::text::ForeignId;
use hub_store::TemplateSaved;
use hub_web::{ApiError, Fields, Given, JsonObject, ListedTemplate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::change::domain_name;

/// A template with everything.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WholeTemplate {
    #[serde(flatten)]
    listed: ListedTemplate,
    /// The body, as it was saved.
    #[schema(value_type = String, example = "<p>Dear {{CUSTOMER_NAME}},</p>")]
    body_html: TemplateHtml,
    /// The user whose own it is; null where it is the domain's.
    #[schema(value_type = Option<String>)]
    external_user_id: Option<ForeignId>,
    #[schema(value_type = String, example = "2026-06-18T14:30:00.000Z")]
    created_at: Moment,
    /// Send it with a change, or the `ETag` as `If-Match`, and the change is refused where someone else was faster.
    #[schema(value_type = String, example = "2026-06-18T14:30:00.000Z")]
    updated_at: Moment,
}

impl From<EmailTemplate> for WholeTemplate {
    fn from(template: EmailTemplate) -> Self {
        Self {
            listed: template.summary().into(),
            body_html: template.body_html,
            external_user_id: template.external_user_id,
            created_at: template.created_at,
            updated_at: template.updated_at,
        }
    }
}

/// The fields of a template in a request. `subject_template`, `body_html`, `updated_at` and `externalUserId` are read too.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct TemplateFields {
    /// Your tenant domain, here or in the query string.
    #[serde(rename = "domain_name")]
    #[schema(value_type = String, example = "acme")]
    domain_name: Given<String>,
    /// The user whose own it is, where it is not the domain's.
    #[serde(rename = "external_user_id")]
    #[schema(value_type = Option<String>)]
    external_user_id: Given<String>,
    /// Which template; not for a new one.
    #[schema(value_type = Option<String>, example = "550e8400-e29b-41d4-a716-446655440000")]
    id: Given<String>,
    /// What people call it, at most 100 characters; unique among the domain's, or the user's own.
    #[schema(value_type = Option<String>, example = "Policy renewal")]
    name: Given<String>,
    /// The subject line, with placeholders, where a request gives none; `{{SUBJECT}}` by default.
    #[schema(value_type = Option<String>, example = "Your policy renewal")]
    subject_template: Given<String>,
    /// The body's HTML, with placeholders, at most 60,000 characters: header, footer and logo are set for all emails.
    #[schema(value_type = Option<String>, example = "<p>Dear {{CUSTOMER_NAME}},</p><p>Policy <strong>{{POLICY_NUMBER}}</strong> renews on {{RENEWAL_DATE}}.</p>")]
    body_html: Given<String>,
    /// The `updatedAt` that a change was made from; the change is refused with 409 where someone else was faster.
    #[schema(value_type = Option<String>)]
    updated_at: Given<String>,
}

/// What a request says of a template, each part read by itself.
pub(crate) struct ReadTemplate {
    pub(crate) domain_name: Option<DomainName>,
    pub(crate) user: Option<ForeignId>,
    pub(crate) id: Option<TemplateId>,
    pub(crate) name: Option<TemplateName>,
    pub(crate) subject: Option<Subject>,
    pub(crate) body_html: Option<TemplateHtml>,
    pub(crate) updated_at: Option<Moment>,
}

impl TemplateFields {
    /// The fields of a request, whichever way they are spelled.
    pub(crate) fn of(mut object: JsonObject) -> Result<Self, ApiError> {
        object.alias("subjectTemplate", &["subject_template", "subject"]);
        object.alias("bodyHtml", &["body_html", "body"]);
        object.alias("updatedAt", &["updated_at"]);
        // As a template is shown, so that it can be sent back.
        object.alias("external_user_id", &["externalUserId"]);
        object.read()
    }

    /// Whether nothing was given for the name, or for the body.
    pub(crate) fn require(&self, fields: &mut Fields) {
        for (field, given) in [("name", self.name.is_given()), ("bodyHtml", self.body_html.is_given())] {
            if !given {
                fields.fault(field, format!("{field} is required."));
            }
        }
    }

    pub(crate) fn read(self, fields: &mut Fields) -> ReadTemplate {
        ReadTemplate {
            domain_name: domain_name(fields, self.domain_name),
            user: fields.line("external_user_id", self.external_user_id),
            id: fields.parse("id", self.id, str::parse),
            name: fields.line("name", self.name),
            subject: fields.line("subjectTemplate", self.subject_template),
            body_html: body_html(fields, self.body_html),
            updated_at: fields.parse("updatedAt", self.updated_at, hub_web::read_time),
        }
    }
}

fn body_html(fields: &mut Fields, given: Given<String>) -> Option<TemplateHtml> {
    let html: TemplateHtml = fields.long_text("bodyHtml", given)?;
    if let Err(error) = check(html.as_str()) {
        fields.fault("bodyHtml", error);
    }
    Some(html)
}

/// The template with this id, if it is the domain's own, or this user's.
pub(crate) async fn find(
    hub: &Hub,
    domain: &DomainName,
    user: Option<&ForeignId>,
    id: TemplateId,
) -> Result<EmailTemplate, ApiError> {
    let template = hub.store.template(domain, id).await?;
    let template = template.filter(|template| template.external_user_id.as_ref() == user);
    template.ok_or_else(|| ApiError::not_found(format!("There is no template {id}; list the templates to see which.")))
}

/// 409 where a name is taken.
pub(crate) fn name_taken(name: &TemplateName) -> ApiError {
    let detail = format!("There is a template named \"{name}\" already; choose another name, or change that one.");
    ApiError::new(axum::http::StatusCode::CONFLICT, detail)
}

/// Whether a template was written; false where it must be read again.
pub(crate) fn written(saved: TemplateSaved, name: &TemplateName) -> Result<bool, ApiError> {
    match saved {
        TemplateSaved::Yes => Ok(true),
        TemplateSaved::Conflict => Ok(false),
        TemplateSaved::NameTaken => Err(name_taken(name)),
    }
}
