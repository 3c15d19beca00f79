//! `DELETE /account-settings/email-templates`: remove a template.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use hub_engagements::domain_of;
use hub_models::template::TemplateId;
use hub_web::{AccountSettings, ApiError, App, Authorized, Based, Endpoint, Fields, Parameters, Problem};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::email_template::{TemplateFields, find};

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("account-settings-email-templates-delete", routes!(handle))
}

/// A template that was removed.
#[derive(Serialize, ToSchema)]
struct Removed {
    /// Always true.
    ok: bool,
    #[schema(value_type = String, example = "550e8400-e29b-41d4-a716-446655440000")]
    id: TemplateId,
}

/// Removes a template. An email that was accepted with it and is sent later is made from its instruction; without one it
/// fails.
#[utoipa::path(
    delete, path = "/account-settings/email-templates", tag = "Email",
    params(
        ("domain_name" = String, Query, description = "Your tenant domain, here or in a JSON body."),
        ("id" = String, Query, description = "Which template, here or in a JSON body."),
        ("external_user_id" = Option<String>, Query, description = "The user whose own it is."),
        ("If-Match" = Option<String>, Header, description = "The ETag that it was last seen with."),
    ),
    responses(
        (status = 200, body = Removed),
        (status = 400, body = Problem, description = "A parameter cannot be taken, or is missing."),
        (status = 403, body = Problem, description = "No valid API key, or one without account_settings."),
        (status = 404, body = Problem, description = "The domain is not on this account, or has no such template."),
        (status = 409, body = Problem, description = "Someone else changed it since updatedAt."),
        (status = 412, body = Problem, description = "Someone else changed it since If-Match."),
    ),
    security(("api_key" = ["account_settings"]))
)]
async fn handle(
    State(hub): State<App>,
    Authorized { caller, .. }: Authorized<AccountSettings>,
    headers: HeaderMap,
    Parameters(object): Parameters,
) -> Result<Json<Removed>, ApiError> {
    let mut fields = Fields::default();
    let which = TemplateFields::of(object)?.read(&mut fields);
    if which.id.is_none() && !fields.is_at_fault("id") {
        fields.fault("id", "id is required.");
    }
    let (domain, id) = fields.finish(which.domain_name.zip(which.id))?;
    let based = Based::read(&headers, which.updated_at)?;
    domain_of(&hub, caller.account_id(), &domain).await?;
    loop {
        let template = find(&hub, &domain, which.user.as_ref(), id).await?;
        based.check(template.version, Some(template.updated_at))?;
        if hub.store.delete_template(&domain, &template).await? {
            return Ok(Json(Removed { ok: true, id }));
        }
    }
}
