//! `POST /account-settings/email-templates`: a new template.

use axum::extract::State;
use axum::http::StatusCode;
use hub_engagements::{Hub, domain_of};
use hub_models::domain::DomainName;
use hub_models::email::Subject;
use hub_models::template::{DEFAULT_TEMPLATE_SUBJECT, EmailTemplate, MOST_TEMPLATES, TemplateId};
use hub_models::text::ForeignId;
use hub_web::{AccountSettings, ApiError, App, Authorized, Endpoint, Fields, Parameters, Problem, Revised};
use utoipa_axum::routes;

use crate::email_template::{ReadTemplate, TemplateFields, WholeTemplate, name_taken, written};

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("account-settings-email-templates-create", routes!(handle))
}

/// Saves a new template of the domain, or of one user.
#[utoipa::path(
    post, path = "/account-settings/email-templates", tag = "Email",
    request_body = TemplateFields,
    responses(
        (status = 201, body = WholeTemplate, headers(("ETag" = String, description = "Its version."))),
        (status = 400, body = Problem, description = "A value cannot be taken, or a field is missing."),
        (status = 403, body = Problem, description = "No valid API key, or one without account_settings."),
        (status = 404, body = Problem, description = "The domain is not on this account."),
        (status = 409, body = Problem, description = "The name is taken, or there are too many templates."),
    ),
    security(("api_key" = ["account_settings"]))
)]
async fn handle(
    State(hub): State<App>,
    Authorized { caller, .. }: Authorized<AccountSettings>,
    Parameters(object): Parameters,
) -> Result<Revised<WholeTemplate>, ApiError> {
    let (domain, template) = read(&hub, TemplateFields::of(object)?)?;
    domain_of(&hub, caller.account_id(), &domain).await?;
    has_room(&hub, &domain, template.external_user_id.as_ref()).await?;
    let saved = hub.store.create_template(&domain, &template).await?;
    if !written(saved, &template.name)? {
        return Err(name_taken(&template.name));
    }
    Ok(Revised { status: StatusCode::CREATED, version: template.version, body: template.into() })
}

fn read(hub: &Hub, given: TemplateFields) -> Result<(DomainName, EmailTemplate), ApiError> {
    let mut fields = Fields::default();
    given.require(&mut fields);
    let ReadTemplate { domain_name, user, name, subject, body_html, .. } = given.read(&mut fields);
    let subject = subject.or_else(|| Subject::parse(DEFAULT_TEMPLATE_SUBJECT).ok().flatten());
    let now = hub.clock.now();
    let parts = domain_name.zip(name).zip(subject).zip(body_html);
    Ok(fields.finish(parts.map(|(((domain, name), subject), body_html)| {
        let template = EmailTemplate {
            template_id: TemplateId::random(),
            external_user_id: user,
            name,
            subject,
            body_html,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        (domain, template)
    }))?)
}

async fn has_room(hub: &Hub, domain: &DomainName, user: Option<&ForeignId>) -> Result<(), ApiError> {
    if hub.store.template_count(domain, user).await? < MOST_TEMPLATES {
        return Ok(());
    }
    let detail =
        format!("There are {MOST_TEMPLATES} templates, which is the most; delete one that is not used any more.");
    Err(ApiError::new(StatusCode::CONFLICT, detail))
}
