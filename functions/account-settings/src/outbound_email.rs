//! A domain's outbound email as it is shown.

use hub_models::domain::OutboundEmail;
use serde::Serialize;
use utoipa::ToSchema;

/// Who a domain's emails are from.
#[derive(Serialize, ToSchema)]
pub(crate) struct ShownOutboundEmail {
    #[schema(example = "acme")]
    domain_name: String,
    /// `{{ORGANIZATION_NAME}}`; null is the account's name.
    #[schema(example = "Acme Insurance")]
    organization_name: Option<String>,
    /// The sender; null where email is not set up.
    #[schema(example = "Acme Insurance <hello@acme.example>")]
    from: Option<String>,
    /// Where answers go; null is the sender.
    reply_to: Option<String>,
}

impl ShownOutboundEmail {
    pub(crate) fn of(domain_name: String, settings: &OutboundEmail) -> Self {
        Self {
            domain_name,
            organization_name: settings.organization_name.as_ref().map(ToString::to_string),
            from: settings.from.as_ref().map(ToString::to_string),
            reply_to: settings.reply_to.as_ref().map(ToString::to_string),
        }
    }
}
