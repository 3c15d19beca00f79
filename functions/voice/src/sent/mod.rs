//! What is sent to make and to change resources, as the API's description has it.
//!
//! Nothing is read into these types: a resource is read member by member, so that everything that is wrong with it is
//! told. A contract test holds what is read against what they say.

pub(crate) mod activities;
pub(crate) mod caller_ids;
pub(crate) mod email_templates;
pub(crate) mod engagements;
pub(crate) mod envelopes;
pub(crate) mod text_templates;
pub(crate) mod triggers;
pub(crate) mod voice_templates;

use hub_models::voice::{KeptKind, PartKind};
use hub_web::json_api_schema;
use hub_web::jsonapi::requests::{to_one, to_one_or_none};

json_api_schema!(ToEngagement = to_one(PartKind::Engagements.as_str()));
json_api_schema!(ToActivity = to_one(PartKind::Activities.as_str()));
json_api_schema!(ToVoiceTemplate = to_one_or_none(KeptKind::VoiceTemplates.as_str()));
json_api_schema!(ToTextTemplate = to_one_or_none(KeptKind::TextTemplates.as_str()));
json_api_schema!(ToEmailTemplate = to_one_or_none("email-templates"));
json_api_schema!(ToCallerId = to_one_or_none(KeptKind::CallerIds.as_str()));
json_api_schema!(ToPhoneNumber = to_one_or_none("phone-numbers"));
json_api_schema!(ToEmailId = to_one_or_none("email-ids"));
