//! Email templates as lists show them (checklist E10, J2).

use hub_models::email::Subject;
use hub_models::template::{TemplateId, TemplateName, TemplateSummary};
use serde::Serialize;
use utoipa::ToSchema;

/// A template in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedTemplate {
    #[schema(value_type = String, example = "550e8400-e29b-41d4-a716-446655440000")]
    id: TemplateId,
    #[schema(value_type = String, example = "Policy renewal")]
    name: TemplateName,
    /// The subject line where a request gives none.
    #[schema(value_type = String, example = "Your policy renewal")]
    subject_template: Subject,
    /// The placeholders of subject and body that a request fills by `email_template_params`.
    #[schema(example = json!(["POLICY_NUMBER", "RENEWAL_DATE"]))]
    custom_placeholder_keys: Vec<String>,
}

impl From<TemplateSummary> for ListedTemplate {
    fn from(template: TemplateSummary) -> Self {
        Self {
            id: template.template_id,
            name: template.name,
            subject_template: template.subject,
            custom_placeholder_keys: template.custom_keys,
        }
    }
}
