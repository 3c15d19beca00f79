//! An activity as it is sent.

use hub_models::voice::{ActivityKind, PartKind};
use hub_web::json_api_schema;
use hub_web::jsonapi::requests::{change, new_one, one_of};
use utoipa::ToSchema;

use super::{ToCallerId, ToEmailId, ToEmailTemplate, ToEngagement, ToPhoneNumber, ToTextTemplate};

const TYPE: &str = PartKind::Activities.as_str();

json_api_schema!(NewActivity = new_one::<NewActivityAttributes, NewActivityRelationships>(TYPE));
json_api_schema!(ActivityChange = change::<NewActivityAttributes, NewActivityRelationships>(TYPE));
json_api_schema!(KindOfActivity = one_of(ActivityKind::ALL, ActivityKind::as_str));

/// What an activity is to be.
#[derive(ToSchema)]
#[serde(rename_all = "kebab-case")]
struct NewActivityAttributes {
    /// What people call it; without one, a new activity is called as its engagement.
    #[schema(max_length = 200, example = "Voice Blast")]
    name: Option<String>,
    /// How contacts are engaged; it stays.
    kind: KindOfActivity,
}

/// What an activity belongs to and says.
#[derive(ToSchema)]
#[serde(rename_all = "kebab-case")]
struct NewActivityRelationships {
    /// The engagement that it is of; it stays.
    engagement: ToEngagement,
    /// The number that calls show, verified. A voice activity needs one; none is for the other kinds.
    caller_id: Option<ToCallerId>,
    /// The number that text messages are from; without one, the domain's.
    phone_number: Option<ToPhoneNumber>,
    /// The mailbox that emails are from; without one, the domain's.
    email_id: Option<ToEmailId>,
    /// What text messages say. Without one, a text activity cannot be scheduled.
    text_template: Option<ToTextTemplate>,
    /// What emails say. Without one, an email activity cannot be scheduled.
    email_template: Option<ToEmailTemplate>,
}
