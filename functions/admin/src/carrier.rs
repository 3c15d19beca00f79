//! `/admin/domains/{domain_name}/carrier`: who puts a domain's calls and messages through (checklist M1).

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use hub_engagements::carrier::{inbound_messages, remove_carrier, set_carrier};
use hub_models::carrier::{AccountSid, Carrier, ContentSid, Provider, Rates, WhatsappTemplate};
use hub_models::channel::Language;
use hub_models::domain::DomainName;
use hub_models::fault::{Faults, FieldFault};
use hub_models::moment::Moment;
use hub_web::{ApiError, App, Body, Endpoint, Operator, Problem, PublicUrl};
use serde::Serialize;
use url::Url;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::carrier_settings::CarrierSettings;
use crate::domain::{domain_name, unknown_domain};

/// This function and its routes.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("admin-carrier", routes!(show, set, remove))
}

/// A domain's carrier. The auth token is never shown.
#[derive(Serialize, ToSchema)]
struct ShownCarrier {
    #[schema(value_type = String, example = "acme")]
    domain_name: DomainName,
    #[schema(value_type = String, example = "twilio")]
    provider: Provider,
    #[schema(value_type = String, example = "AC00000000000000000000000000000001")]
    account_sid: AccountSid,
    #[schema(example = "+14165550100")]
    voice_from: Option<String>,
    #[schema(example = "+14165550100")]
    sms_from: Option<String>,
    #[schema(example = "+14165550102")]
    whatsapp_from: Option<String>,
    /// Whether the WhatsApp sender may place calls.
    whatsapp_calls: bool,
    /// The template for contacts who have not written within 24 hours.
    whatsapp_template: Option<ShownTemplate>,
    /// Calls and messages that each sender begins in a second.
    #[schema(value_type = Object, example = json!({"calls": 1, "sms": 1, "whatsapp": 1}))]
    rates: Rates,
    /// Where Twilio is to bring the messages to the senders: set it as their webhook.
    #[schema(value_type = String, example = "https://hub.example.com/carriers/twilio/message/inbound?domain_name=acme")]
    inbound_message_url: Option<Url>,
    #[schema(value_type = String)]
    set_at: Moment,
}

/// A template of WhatsApp in the languages that it is approved in.
#[derive(Serialize, ToSchema)]
struct ShownTemplate {
    /// The template, for languages without one of their own.
    #[schema(value_type = String, example = "HX00000000000000000000000000000001")]
    content_sid: ContentSid,
    /// The same template in these languages.
    #[schema(value_type = Object, example = json!({"ar": "HX00000000000000000000000000000002"}))]
    languages: BTreeMap<Language, ContentSid>,
}

impl From<WhatsappTemplate> for ShownTemplate {
    fn from(WhatsappTemplate { content_sid, languages }: WhatsappTemplate) -> Self {
        Self { content_sid, languages }
    }
}

impl ShownCarrier {
    fn new(domain_name: DomainName, carrier: Carrier, public_url: Option<&Url>) -> Self {
        Self {
            inbound_message_url: public_url.map(|url| inbound_messages(url, &domain_name)),
            domain_name,
            provider: carrier.provider,
            account_sid: carrier.account_sid,
            voice_from: carrier.voice_from.map(String::from),
            sms_from: carrier.sms_from.map(String::from),
            whatsapp_from: carrier.whatsapp_from.map(String::from),
            whatsapp_calls: carrier.whatsapp_calls,
            whatsapp_template: carrier.whatsapp_template.map(ShownTemplate::from),
            rates: carrier.rates,
            set_at: carrier.set_at,
        }
    }
}

/// Shows a domain's carrier.
#[utoipa::path(
    get, path = "/admin/domains/{domain_name}/carrier", tag = "Operator",
    params(("domain_name" = String, Path)),
    responses(
        (status = 200, body = ShownCarrier),
        (status = 403, body = Problem, description = "Not the operator key."),
        (status = 404, body = Problem, description = "There is no such domain, or it has no carrier."),
    ),
    security(("operator_key" = []))
)]
async fn show(
    State(hub): State<App>,
    _: Operator,
    PublicUrl(public_url): PublicUrl,
    Path(path): Path<String>,
) -> Result<Json<ShownCarrier>, ApiError> {
    let name = domain_name(&path)?;
    let domain = hub.store.domain(&name).await?.ok_or_else(|| unknown_domain(&path))?;
    let carrier = domain.carrier.ok_or_else(|| no_carrier(&name))?;
    Ok(Json(ShownCarrier::new(name, carrier, public_url.as_ref())))
}

/// Sets a domain's carrier, in place of the one that it had. From then on its calls and messages go there.
///
/// The carrier is told to come back to HUB_PUBLIC_URL, which must be an address that it reaches.
#[utoipa::path(
    put, path = "/admin/domains/{domain_name}/carrier", tag = "Operator",
    params(("domain_name" = String, Path)),
    request_body = CarrierSettings,
    responses(
        (status = 200, body = ShownCarrier),
        (status = 400, body = Problem, description = "A value cannot be taken; nothing was changed."),
        (status = 403, body = Problem, description = "Not the operator key."),
        (status = 404, body = Problem, description = "There is no such domain."),
    ),
    security(("operator_key" = []))
)]
async fn set(
    State(hub): State<App>,
    _: Operator,
    PublicUrl(public_url): PublicUrl,
    Path(path): Path<String>,
    Body(settings): Body<CarrierSettings>,
) -> Result<Json<ShownCarrier>, ApiError> {
    let name = domain_name(&path)?;
    let (carrier, auth_token) = settings.read(hub.clock.now())?;
    if !hub.twilio.is_on_this_machine() && !public_url.as_ref().is_some_and(is_reached_from_outside) {
        let detail = "cannot be used as long as Twilio does not reach the hub: set HUB_PUBLIC_URL to its public https \
                      address first.";
        return Err(Faults::from(FieldFault::invalid("provider", detail)).into());
    }
    let set = set_carrier(&hub, &name, carrier, auth_token).await.map_err(|error| internal(&error))?;
    let carrier = set.ok_or_else(|| unknown_domain(&path))?.carrier.ok_or_else(|| no_carrier(&name))?;
    Ok(Json(ShownCarrier::new(name, carrier, public_url.as_ref())))
}

/// Its carrier is taken away.
#[derive(Serialize, ToSchema)]
struct RemovedCarrier {
    /// Always true.
    #[schema(example = true)]
    ok: bool,
    #[schema(value_type = String, example = "acme")]
    domain_name: DomainName,
}

/// Takes a domain's carrier away, with its credentials. What is under way there is not heard of again.
#[utoipa::path(
    delete, path = "/admin/domains/{domain_name}/carrier", tag = "Operator",
    params(("domain_name" = String, Path)),
    responses(
        (status = 200, body = RemovedCarrier),
        (status = 403, body = Problem, description = "Not the operator key."),
        (status = 404, body = Problem, description = "There is no such domain, or it has no carrier."),
    ),
    security(("operator_key" = []))
)]
async fn remove(
    State(hub): State<App>,
    _: Operator,
    Path(path): Path<String>,
) -> Result<Json<RemovedCarrier>, ApiError> {
    let name = domain_name(&path)?;
    let removed = remove_carrier(&hub, &name).await.map_err(|error| internal(&error))?;
    removed.ok_or_else(|| unknown_domain(&path))?.ok_or_else(|| no_carrier(&name))?;
    Ok(Json(RemovedCarrier { ok: true, domain_name: name }))
}

/// An https address that is not of this machine.
fn is_reached_from_outside(url: &Url) -> bool {
    url.scheme() == "https" && url.host_str().is_some_and(|host| host != "localhost")
}

fn internal(error: &impl std::fmt::Display) -> ApiError {
    ApiError::internal(error.to_string())
}

fn no_carrier(name: &DomainName) -> ApiError {
    ApiError::not_found(format!("Domain \"{name}\" has no carrier."))
}
