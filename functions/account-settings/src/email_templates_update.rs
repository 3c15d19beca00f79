//! `PUT /account-settings/email-templates`: change a template.

use axum::extract::State;
use axum::http::HeaderMap;
use hub_engagements::domain_of;
use hub_models::template::EmailTemplate;
use hub_web::{AccountSettings, ApiError, App, Authorized, Based, Endpoint, Fields, Parameters, Problem, Revised};
use utoipa_axum::routes;

use crate::email_template::{ReadTemplate, TemplateFields, WholeTemplate, find, written};

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("account-settings-email-templates-update", routes!(handle))
}

/// Changes the template that `id` names: what is given is changed, what is not stays. Emails that are sent from now on
/// are made from it, those that are scheduled already too.
#[utoipa::path(
    put, path = "/account-settings/email-templates", tag = "Email",
    params(("If-Match" = Option<String>, Header, description = "The ETag that the change was made from.")),
    request_body = TemplateFields,
    responses(
        (status = 200, body = WholeTemplate, headers(("ETag" = String, description = "The new version."))),
        (status = 400, body = Problem, description = "A value cannot be taken, or id is missing."),
        (status = 403, body = Problem, description = "No valid API key, or one without account_settings."),
        (status = 404, body = Problem, description = "The domain is not on this account, or has no such template."),
        (status = 409, body = Problem, description = "The name is taken, or someone else changed it since updatedAt."),
        (status = 412, body = Problem, description = "Someone else changed it since If-Match."),
    ),
    security(("api_key" = ["account_settings"]))
)]
async fn handle(
    State(hub): State<App>,
    Authorized { caller, .. }: Authorized<AccountSettings>,
    headers: HeaderMap,
    Parameters(object): Parameters,
) -> Result<Revised<WholeTemplate>, ApiError> {
    let mut fields = Fields::default();
    let new = TemplateFields::of(object)?.read(&mut fields);
    if new.id.is_none() && !fields.is_at_fault("id") {
        fields.fault("id", "id is required.");
    }
    let (domain, id) = fields.finish(new.domain_name.clone().zip(new.id))?;
    let based = Based::read(&headers, new.updated_at)?;
    domain_of(&hub, caller.account_id(), &domain).await?;
    loop {
        let before = find(&hub, &domain, new.user.as_ref(), id).await?;
        based.check(before.version, Some(before.updated_at))?;
        let template = changed(&before, &new).after(&before, hub.clock.now());
        let saved = hub.store.save_template(&domain, &template, &before).await?;
        if written(saved, &template.name)? {
            return Ok(Revised::ok(template.version, template.into()));
        }
    }
}

fn changed(before: &EmailTemplate, new: &ReadTemplate) -> EmailTemplate {
    EmailTemplate {
        name: new.name.as_ref().unwrap_or(&before.name).clone(),
        subject: new.subject.as_ref().unwrap_or(&before.subject).clone(),
        body_html: new.body_html.as_ref().unwrap_or(&before.body_html).clone(),
        ..before.clone()
    }
}
