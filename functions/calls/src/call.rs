//! An engagement as the call log shows it.

use hub_models::channel::{Channel, EngagementType};
use hub_models::contact::Contact;
use hub_models::engagement::{Engagement, Outcome, WireStatus};
use hub_models::id::CallSid;
use hub_models::moment::Moment;
use serde::Serialize;
use utoipa::ToSchema;

/// One call, message or email.
#[derive(Serialize, ToSchema)]
pub(crate) struct Call {
    /// The provider's own sid, or that of a queued start.
    #[schema(value_type = String, example = "CA1234567890abcdef")]
    call_sid: CallSid,
    /// `Done` where an engagement is Completed; else its status.
    #[schema(example = "Done")]
    status: &'static str,
    /// How it ended.
    #[schema(value_type = Option<String>, example = "delivered")]
    outcome: Option<Outcome>,
    /// Why it failed, or what happened, in words.
    reason: Option<String>,
    #[schema(value_type = String, example = "phone")]
    channel: Channel,
    #[serde(rename = "type")]
    #[schema(value_type = String, example = "informational")]
    engagement_type: EngagementType,
    /// The contact's number; `n/a` for email.
    #[schema(example = "+14165551234")]
    phone_number: String,
    /// The recipient of an email.
    email_address: Option<String>,
    client_name: Option<String>,
    #[schema(value_type = String)]
    created_at: Moment,
    #[schema(value_type = Option<String>)]
    scheduled_time: Option<Moment>,
    #[schema(value_type = Option<String>)]
    started_at: Option<Moment>,
    #[schema(value_type = Option<String>)]
    completed_at: Option<Moment>,
    test_mode: bool,
}

impl From<Engagement> for Call {
    fn from(engagement: Engagement) -> Self {
        let (phone_number, email_address) = match &engagement.contact {
            Contact::Phone(number) => (number.as_str().to_owned(), None),
            Contact::Email(address) => ("n/a".to_owned(), Some(address.as_str().to_owned())),
        };
        Self {
            call_sid: engagement.sid(),
            status: log_status(engagement.state.wire()),
            outcome: engagement.outcome,
            reason: engagement.summary,
            channel: engagement.channel,
            engagement_type: engagement.engagement_type,
            phone_number,
            email_address,
            client_name: engagement.client_name.map(|name| name.as_str().to_owned()),
            created_at: engagement.created_at,
            scheduled_time: engagement.scheduled_time,
            started_at: engagement.started_at,
            completed_at: engagement.completed_at,
            test_mode: engagement.test_mode,
        }
    }
}

fn log_status(status: WireStatus) -> &'static str {
    match status {
        WireStatus::Completed => "Done",
        other => other.as_str(),
    }
}

/// A status as it is asked for: the log's own word, or the engagement's.
pub(crate) fn read_status(text: &str) -> Result<WireStatus, hub_models::channel::UnknownWord> {
    if text == "Done" { Ok(WireStatus::Completed) } else { text.parse() }
}
