//! An envelope as it is sent.

use hub_models::voice::PartKind;
use hub_web::json_api_schema;
use hub_web::jsonapi::requests::{change, new_ones};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::ToEngagement;
use crate::envelopes::MOST;

const TYPE: &str = PartKind::Envelopes.as_str();

json_api_schema!(NewEnvelopes = new_ones::<NewEnvelopeAttributes, NewEnvelopeRelationships>(TYPE, MOST));
json_api_schema!(EnvelopeChange = change::<NewEnvelopeAttributes, NewEnvelopeRelationships>(TYPE));

/// What an envelope is to be.
#[derive(ToSchema)]
#[serde(rename_all = "kebab-case")]
struct NewEnvelopeAttributes {
    /// Whom voice and text activities engage, which need it: E.164, or a number of North America.
    #[schema(example = "+15197566220")]
    phone_number: Option<String>,
    /// Whom email activities engage, which need it.
    #[schema(format = "email", example = "customer@example.com")]
    email_address: Option<String>,
    /// The values of variables: at most 2,048 bytes as JSON.
    #[schema(value_type = Option<Object>, example = json!({"first-name": "Alexander", "last-name": "Bell"}))]
    meta: Option<Map<String, Value>>,
}

/// What an envelope belongs to.
#[derive(ToSchema)]
#[serde(rename_all = "kebab-case")]
struct NewEnvelopeRelationships {
    /// The engagement that it is of; it stays.
    engagement: ToEngagement,
}
