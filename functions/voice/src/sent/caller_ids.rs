//! A caller id as it is sent.

use hub_models::voice::KeptKind;
use hub_web::json_api_schema;
use hub_web::jsonapi::NoRelationships;
use hub_web::jsonapi::requests::{about, new_one};
use utoipa::ToSchema;

const TYPE: &str = KeptKind::CallerIds.as_str();

json_api_schema!(NewCallerId = new_one::<NewCallerIdAttributes, NoRelationships>(TYPE));
json_api_schema!(ToldCode = about::<ToldCodeAttributes, NoRelationships>(TYPE, CODE));

const CODE: &str = "The code that was told, or none to be called again.";

/// What a new caller id is.
#[derive(ToSchema)]
#[serde(rename_all = "kebab-case")]
struct NewCallerIdAttributes {
    /// What people call it.
    #[schema(max_length = 200, example = "Head office")]
    name: Option<String>,
    /// The number: E.164, or one of North America.
    #[schema(min_length = 1, example = "+14165551234")]
    phone_number: String,
}

/// What was heard at the number.
#[derive(ToSchema)]
#[serde(rename_all = "kebab-case")]
struct ToldCodeAttributes {
    /// The code of six digits; without one the number is called again.
    #[schema(example = "123456")]
    code: Option<String>,
}
