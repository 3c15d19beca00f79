//! `PUT /account-settings/outbound-email`: what a domain's emails carry around what they say (checklist E9).

use axum::extract::State;
use axum::http::HeaderMap;
use hub_channels::email::check;
use hub_engagements::{Hub, domain_of};
use hub_models::domain::{Domain, DomainName};
use hub_models::email::Mailbox;
use hub_models::moment::Moment;
use hub_models::outbound_email::{BrandingHtml, OutboundEmail};
use hub_models::text::ForeignId;
use hub_store::Saved;
use hub_web::{
    AccountSettings, ApiError, App, Authorized, Based, Endpoint, Fields, Given, Parameters, Problem, Revised,
};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::change::{change, domain_name};
use crate::logo_change::{KeptLogo, LogoChange};
use crate::outbound_email::ShownOutboundEmail;
use crate::sender::allow_sender;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("account-settings-outbound-email-put", routes!(handle))
}

/// What a domain's emails are to carry. What is not given is unset, but for the logo, which stays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
struct NewOutboundEmail {
    /// Your tenant domain.
    #[schema(value_type = String, example = "acme")]
    domain_name: Given<String>,
    /// A user, to set what that user's emails have in place of the domain's settings.
    #[schema(value_type = Option<String>)]
    external_user_id: Given<String>,
    /// `{{ORGANIZATION_NAME}}`, at most 200 characters.
    #[schema(value_type = Option<String>, example = "Acme Insurance")]
    organization_name: Given<String>,
    /// The sender, verified with the mail service.
    #[schema(value_type = Option<String>, example = "Acme Insurance <hello@acme.example>")]
    from: Given<String>,
    /// Where answers go.
    #[schema(value_type = Option<String>, example = "support@acme.example")]
    reply_to: Given<String>,
    /// HTML above every body, with placeholders; at most 20,000 characters.
    #[schema(value_type = Option<String>, example = "<p><strong>{{ORGANIZATION_NAME}}</strong></p>")]
    header_html: Given<String>,
    /// HTML below every body, with placeholders; at most 20,000 characters.
    #[schema(value_type = Option<String>)]
    footer_html: Given<String>,
    /// A PNG, JPEG or GIF image of at most 200 KiB: an https address that is fetched once, or `{"data": "<base64>"}`; null
    /// removes it. Where it is not given, the logo stays.
    #[schema(value_type = Option<Object>)]
    #[allow(dead_code, reason = "whether it is given at all is read from the object itself")]
    logo: Given<String>,
    /// Whether users may have settings and templates of their own. Only without `external_user_id`.
    #[schema(value_type = Option<bool>, example = false)]
    outbound_email_user_overrides_enabled: Given<bool>,
    /// Whether every email ends with a link that ends the emails; true by default. Only without `external_user_id`.
    #[schema(value_type = Option<bool>, example = true)]
    unsubscribe_link: Given<bool>,
    /// The `updated_at` that the change was made from; the change is refused with 409 where someone else was faster.
    #[schema(value_type = Option<String>)]
    updated_at: Given<String>,
}

/// Sets what the domain's emails carry, or what one user's emails have in place of that. Without `from`, a domain cannot
/// send emails.
#[utoipa::path(
    put, path = "/account-settings/outbound-email", tag = "Email",
    params(("If-Match" = Option<String>, Header, description = "The ETag that the change was made from.")),
    request_body = NewOutboundEmail,
    responses(
        (status = 200, body = ShownOutboundEmail, headers(("ETag" = String, description = "The new version."))),
        (status = 400, body = Problem, description = "A value cannot be taken."),
        (status = 403, body = Problem, description = "No valid API key, or one without account_settings."),
        (status = 404, body = Problem, description = "The domain is not on this account."),
        (status = 409, body = Problem, description = "Someone else changed them since updated_at."),
        (status = 412, body = Problem, description = "Someone else changed them since If-Match."),
    ),
    security(("api_key" = ["account_settings"]))
)]
async fn handle(
    State(hub): State<App>,
    Authorized { caller, .. }: Authorized<AccountSettings>,
    headers: HeaderMap,
    Parameters(mut object): Parameters,
) -> Result<Revised<ShownOutboundEmail>, ApiError> {
    object.alias("logo", &["logo_url"]);
    let given_logo = object.0.remove("logo");
    let wanted = read(object.read()?, given_logo, &hub)?;
    let based = Based::read(&headers, wanted.updated_at)?;
    domain_of(&hub, caller.account_id(), &wanted.domain_name).await?;
    allow_sender(&hub, &wanted.domain_name, wanted.settings.from.as_ref()).await?;
    let (name, user) = (wanted.domain_name.clone(), wanted.user.clone());
    let settings = wanted.carry_out(&hub, based).await?;
    Ok(Revised::ok(settings.version, ShownOutboundEmail::of(&name, user.as_ref(), &settings)))
}

/// A change that was read and found good.
struct Wanted {
    domain_name: DomainName,
    user: Option<ForeignId>,
    settings: OutboundEmail,
    logo: LogoChange,
    updated_at: Option<Moment>,
}

fn read(new: NewOutboundEmail, logo: Option<Value>, hub: &Hub) -> Result<Wanted, ApiError> {
    let mut fields = Fields::default();
    let name = domain_name(&mut fields, new.domain_name);
    let user: Option<ForeignId> = fields.line("external_user_id", new.external_user_id);
    let flags = [
        ("outbound_email_user_overrides_enabled", new.outbound_email_user_overrides_enabled),
        ("unsubscribe_link", new.unsubscribe_link),
    ];
    let [overrides, unsubscribe] = flags.map(|(field, given)| flag(&mut fields, field, given, user.is_some()));
    let defaults = OutboundEmail::default();
    let settings = OutboundEmail {
        organization_name: fields.line("organization_name", new.organization_name),
        from: fields.parse("from", new.from, str::parse::<Mailbox>),
        reply_to: fields.parse("reply_to", new.reply_to, str::parse::<Mailbox>),
        header_html: branding(&mut fields, "header_html", new.header_html),
        footer_html: branding(&mut fields, "footer_html", new.footer_html),
        user_overrides_enabled: overrides.unwrap_or(defaults.user_overrides_enabled),
        unsubscribe_link: unsubscribe.unwrap_or(defaults.unsubscribe_link),
        ..defaults
    };
    let updated_at = fields.parse("updated_at", new.updated_at, hub_web::read_time);
    let logo = LogoChange::read(&mut fields, logo, hub.settings.outside_urls);
    let wanted = name.map(|domain_name| Wanted { domain_name, user, settings, logo, updated_at });
    Ok(fields.finish(wanted)?)
}

/// A setting that only the domain has.
fn flag(fields: &mut Fields, field: &str, given: Given<bool>, of_user: bool) -> Option<bool> {
    if of_user && given.is_given() {
        fields.fault(field, "is a setting of the domain; leave it out where external_user_id is given.");
        return None;
    }
    fields.value(field, given)
}

fn branding(fields: &mut Fields, field: &str, given: Given<String>) -> Option<BrandingHtml> {
    let html: BrandingHtml = fields.long_text(field, given)?;
    if let Err(error) = check(html.as_str()) {
        fields.fault(field, error);
    }
    Some(html)
}

impl Wanted {
    /// Writes the change: the new logo before the settings that name it. The old one stays for emails on their way.
    async fn carry_out(self, hub: &Hub, based: Based) -> Result<OutboundEmail, ApiError> {
        let (name, user) = (&self.domain_name, self.user.as_ref());
        // Looked at before an image is fetched and kept for nothing.
        let current = current(hub, name, user).await?;
        based.check(current.version, current.updated_at)?;
        let logo = self.logo.kept(hub, name, user).await?;
        let change = Change { settings: self.settings, logo, based };
        match user {
            Some(user) => save_users(hub, name, user, &change).await,
            None => save_domains(hub, name, &change).await,
        }
    }
}

/// A change whose image is kept.
struct Change {
    settings: OutboundEmail,
    logo: KeptLogo,
    based: Based,
}

impl Change {
    /// The settings that are written over these.
    fn over(&self, before: &OutboundEmail, now: Moment) -> Result<OutboundEmail, ApiError> {
        self.based.check(before.version, before.updated_at)?;
        let logo = self.logo.over(before.logo.as_ref())?;
        Ok(OutboundEmail { logo, ..self.settings.clone() }.after(before, now))
    }
}

async fn current(hub: &Hub, name: &DomainName, user: Option<&ForeignId>) -> Result<OutboundEmail, ApiError> {
    let found = match user {
        Some(user) => hub.store.user_email(name, user).await?,
        None => hub.store.domain(name).await?.map(|domain| domain.outbound_email),
    };
    Ok(found.unwrap_or_default())
}

async fn save_domains(hub: &Hub, name: &DomainName, wanted: &Change) -> Result<OutboundEmail, ApiError> {
    let domain = change(hub, name, |domain| {
        let outbound_email = wanted.over(&domain.outbound_email, hub.clock.now())?;
        Ok(Domain { outbound_email, ..domain })
    });
    Ok(domain.await?.outbound_email)
}

async fn save_users(
    hub: &Hub,
    name: &DomainName,
    user: &ForeignId,
    wanted: &Change,
) -> Result<OutboundEmail, ApiError> {
    loop {
        let before = current(hub, name, Some(user)).await?;
        let after = wanted.over(&before, hub.clock.now())?;
        if hub.store.save_user_email(name, user, &after, before.version).await? == Saved::Yes {
            return Ok(after);
        }
    }
}
