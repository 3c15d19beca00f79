//! A text template as it is sent.

use hub_models::voice::KeptKind;
use hub_web::json_api_schema;
use hub_web::jsonapi::NoRelationships;
use hub_web::jsonapi::requests::{change, new_one};
use utoipa::ToSchema;

const TYPE: &str = KeptKind::TextTemplates.as_str();

json_api_schema!(NewTextTemplate = new_one::<NewTextTemplateAttributes, NoRelationships>(TYPE));
json_api_schema!(TextTemplateChange = change::<NewTextTemplateAttributes, NoRelationships>(TYPE));

/// What a text template is to be.
#[derive(ToSchema)]
#[serde(rename_all = "kebab-case")]
struct NewTextTemplateAttributes {
    /// What people call it.
    #[schema(min_length = 1, max_length = 200, example = "Weekly Specials")]
    name: String,
    /// The text, with variables.
    #[schema(min_length = 1, max_length = 10_000, example = "Hello {{first-name}}, see our weekly specials.")]
    body: String,
}
