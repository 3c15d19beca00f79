//! A voice template as it is sent.

use hub_models::voice::{KeptKind, TemplateKind};
use hub_web::json_api_schema;
use hub_web::jsonapi::NoRelationships;
use hub_web::jsonapi::requests::{change, new_one, one_of};
use utoipa::ToSchema;

const TYPE: &str = KeptKind::VoiceTemplates.as_str();

json_api_schema!(NewVoiceTemplate = new_one::<NewVoiceTemplateAttributes, NoRelationships>(TYPE));
json_api_schema!(VoiceTemplateChange = change::<NewVoiceTemplateAttributes, NoRelationships>(TYPE));
json_api_schema!(VoiceTemplateKind = one_of(TemplateKind::ALL, TemplateKind::as_str));

/// What a voice template is to be.
#[derive(ToSchema)]
#[serde(rename_all = "kebab-case")]
struct NewVoiceTemplateAttributes {
    /// What people call it. A new one needs this or `name`.
    #[schema(max_length = 200, example = "Weekly Specials")]
    subject: Option<String>,
    /// The same as `subject`, and goes before it.
    #[schema(max_length = 200, example = "Weekly Specials")]
    name: Option<String>,
    /// How it is made.
    kind: Option<VoiceTemplateKind>,
    /// The text, with variables.
    #[schema(min_length = 1, max_length = 10_000, example = "Hello {{first-name}}, voice template support variables.")]
    body: String,
    /// The voice that speaks it; without one, the carrier's default. In a change, null is that default again.
    #[schema(max_length = 60, example = "Polly-Brian")]
    voice: Option<String>,
}
