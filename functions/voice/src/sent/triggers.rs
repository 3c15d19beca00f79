//! A trigger as it is sent.

use hub_models::voice::{PartKind, TriggerEvent, TriggerKind};
use hub_web::json_api_schema;
use hub_web::jsonapi::requests::{change, new_one, one_of};
use utoipa::ToSchema;

use super::{ToActivity, ToVoiceTemplate};

const TYPE: &str = PartKind::Triggers.as_str();

json_api_schema!(NewTrigger = new_one::<NewTriggerAttributes, NewTriggerRelationships>(TYPE));
json_api_schema!(TriggerChange = change::<NewTriggerAttributes, NewTriggerRelationships>(TYPE));
json_api_schema!(KindOfTrigger = one_of(TriggerKind::ALL, TriggerKind::as_str));
json_api_schema!(EventOfTrigger = one_of(TriggerEvent::ALL, TriggerEvent::as_str));

/// What a trigger is to be.
#[derive(ToSchema)]
#[serde(rename_all = "kebab-case")]
struct NewTriggerAttributes {
    /// What it does; it stays.
    kind: KindOfTrigger,
    /// When it acts.
    on_event: EventOfTrigger,
    /// How long it waits before it acts; 1 where it is not said.
    #[schema(maximum = 60, example = 1)]
    delay_in_seconds: Option<u8>,
    /// How often it speaks again after the first time; 0 where it is not said.
    #[schema(maximum = 10, example = 0)]
    r#loop: Option<u8>,
    /// Whom `dial` connects the contact with, which needs it.
    #[schema(example = "+14165551234")]
    phone_number: Option<String>,
}

/// What a trigger belongs to and speaks.
#[derive(ToSchema)]
#[serde(rename_all = "kebab-case")]
struct NewTriggerRelationships {
    /// The voice activity that it is of; it stays.
    activity: ToActivity,
    /// What `say` speaks, which needs it; none is for the other kinds.
    voice_template: Option<ToVoiceTemplate>,
}
