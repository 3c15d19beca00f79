//! `PUT /account-settings/outbound-email`: who a domain's emails are from (checklist E9).

use axum::Json;
use axum::extract::State;
use hub_engagements::domain_of;
use hub_models::domain::{Domain, OutboundEmail};
use hub_models::email::Mailbox;
use hub_web::{AccountSettings, ApiError, App, Authorized, Body, Endpoint, Fields, Given, Problem};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::change::{change, domain_name};
use crate::outbound_email::ShownOutboundEmail;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("account-settings-outbound-email-put", routes!(handle))
}

/// Who a domain's emails are to be from. What is not given is unset.
#[derive(Deserialize, ToSchema)]
struct NewOutboundEmail {
    /// Your tenant domain.
    #[serde(default)]
    #[schema(value_type = String, example = "acme")]
    domain_name: Given<String>,
    /// `{{ORGANIZATION_NAME}}`.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "Acme Insurance")]
    organization_name: Given<String>,
    /// The sender, verified with the mail service.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "Acme Insurance <hello@acme.example>")]
    from: Given<String>,
    /// Where answers go.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "support@acme.example")]
    reply_to: Given<String>,
}

/// Sets who the domain's emails are from. Without `from`, email is not set up.
#[utoipa::path(
    put, path = "/account-settings/outbound-email", tag = "Email",
    request_body = NewOutboundEmail,
    responses(
        (status = 200, body = ShownOutboundEmail),
        (status = 400, body = Problem, description = "An address cannot be taken."),
        (status = 403, body = Problem, description = "No valid API key, or one without account_settings."),
        (status = 404, body = Problem, description = "The domain is not on this account."),
    ),
    security(("api_key" = ["account_settings"]))
)]
async fn handle(
    State(hub): State<App>,
    Authorized { caller, .. }: Authorized<AccountSettings>,
    Body(new): Body<NewOutboundEmail>,
) -> Result<Json<ShownOutboundEmail>, ApiError> {
    let mut fields = Fields::default();
    let name = domain_name(&mut fields, new.domain_name);
    let outbound_email = OutboundEmail {
        organization_name: fields.line("organization_name", new.organization_name),
        from: fields.parse("from", new.from, str::parse::<Mailbox>),
        reply_to: fields.parse("reply_to", new.reply_to, str::parse::<Mailbox>),
    };
    let name = fields.finish(name)?;
    domain_of(&hub, caller.account_id(), &name).await?;
    let set = |domain| Domain { outbound_email: outbound_email.clone(), ..domain };
    let domain = change(&hub, &name, set).await?;
    Ok(Json(ShownOutboundEmail::of(name.to_string(), &domain.outbound_email)))
}
