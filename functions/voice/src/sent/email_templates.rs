//! An email template as it is sent.

use hub_web::json_api_schema;
use hub_web::jsonapi::NoRelationships;
use hub_web::jsonapi::requests::{change, new_one};
use utoipa::ToSchema;

const TYPE: &str = "email-templates";

json_api_schema!(NewEmailTemplate = new_one::<NewEmailTemplateAttributes, NoRelationships>(TYPE));
json_api_schema!(EmailTemplateChange = change::<NewEmailTemplateAttributes, NoRelationships>(TYPE));

/// What an email template is to be.
#[derive(ToSchema)]
#[serde(rename_all = "kebab-case")]
struct NewEmailTemplateAttributes {
    /// What people call it; unique among the domain's. Without one, a new template is called by its subject.
    #[schema(max_length = 100, example = "Weekly Specials")]
    name: Option<String>,
    /// The subject line, with variables.
    #[schema(min_length = 1, max_length = 500, example = "Specials for {{first-name}}")]
    subject: String,
    /// The body's HTML, with variables.
    #[schema(min_length = 1, max_length = 60_000, example = "<p>Hello {{first-name}}, see our weekly specials.</p>")]
    body: String,
}
