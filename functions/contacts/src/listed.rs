//! A contact of the do-not-contact list as it is shown.

use hub_models::do_not_contact::{DoNotContact, Entry, Scope};
use hub_models::id::ApiKeyId;
use hub_models::moment::Moment;
use serde::Serialize;
use utoipa::ToSchema;

/// A contact and what is closed to it.
#[derive(Serialize, ToSchema)]
pub(crate) struct ListedContact {
    #[schema(example = "+14165551234")]
    pub(crate) contact: String,
    /// The channels that are closed.
    pub(crate) closed: Vec<ClosedChannel>,
}

/// A closed channel.
#[derive(Serialize, ToSchema)]
pub(crate) struct ClosedChannel {
    /// `phone`, `sms`, `wmsg`, `wvoice`, `email`, or `all` of them.
    #[schema(value_type = String, example = "all")]
    channel: Scope,
    #[schema(example = "Asked by phone not to be called again.")]
    reason: String,
    /// `api_key` where the account added it, `recipient` where the contact asked for it, `mail_service` where the address
    /// bounced or its owner complained.
    #[schema(example = "api_key")]
    added_by: &'static str,
    /// The key that added it, where one did.
    #[schema(value_type = Option<String>, example = "key_a1b2c3d4e5f67890123456780190163d8a5c7c3e")]
    api_key_id: Option<ApiKeyId>,
    #[schema(value_type = String, example = "2026-06-18T14:30:00.000Z")]
    added_at: Moment,
}

impl From<DoNotContact> for ListedContact {
    fn from(listed: DoNotContact) -> Self {
        let closed = listed.closed.into_iter().map(|(channel, entry)| ClosedChannel::of(channel, entry)).collect();
        Self { contact: listed.contact.as_str().to_owned(), closed }
    }
}

impl ClosedChannel {
    fn of(channel: Scope, entry: Entry) -> Self {
        Self {
            channel,
            reason: entry.reason.to_string(),
            added_by: entry.added_by.as_str(),
            api_key_id: entry.added_by.api_key_id(),
            added_at: entry.added_at,
        }
    }
}
