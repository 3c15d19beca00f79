//! `GET /account-settings/email-templates`: a domain's templates, or one of them with its body.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use hub_engagements::domain_of;
use hub_models::template::TemplateId;
use hub_web::{
    AccountSettings, ApiError, App, Authorized, Endpoint, Fields, ListedTemplate, Problem, QueryFields, Revised,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::change::domain_name;
use crate::email_template::{WholeTemplate, find};

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("account-settings-email-templates-list", routes!(handle))
}

/// What was asked for: the templates by name, or one of them.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
enum Shown {
    /// All templates, by name.
    All {
        /// The templates.
        templates: Vec<ListedTemplate>,
    },
    /// The template that `id` names.
    One(Box<WholeTemplate>),
}

/// Lists the templates of the domain, or of one user, by name; with `id`, shows one of them with its body.
#[utoipa::path(
    get, path = "/account-settings/email-templates", tag = "Email",
    params(
        ("domain_name" = String, Query, description = "Your tenant domain."),
        ("external_user_id" = Option<String>, Query, description = "A user, for that user's own templates."),
        ("id" = Option<String>, Query, description = "One template."),
    ),
    responses(
        (status = 200, body = Shown),
        (status = 400, body = Problem, description = "A parameter cannot be taken."),
        (status = 403, body = Problem, description = "No valid API key, or one without account_settings."),
        (status = 404, body = Problem, description = "The domain is not on this account, or has no such template."),
    ),
    security(("api_key" = ["account_settings"]))
)]
async fn handle(
    State(hub): State<App>,
    Authorized { caller, .. }: Authorized<AccountSettings>,
    mut query: QueryFields,
) -> Result<Response, ApiError> {
    let mut fields = Fields::default();
    let name = domain_name(&mut fields, query.take("domain_name"));
    let user = fields.line("external_user_id", query.take("external_user_id"));
    let id: Option<TemplateId> = fields.parse("id", query.take("id"), str::parse);
    let name = fields.finish(name)?;
    domain_of(&hub, caller.account_id(), &name).await?;
    if let Some(id) = id {
        let template = find(&hub, &name, user.as_ref(), id).await?;
        return Ok(Revised::ok(template.version, Shown::One(Box::new(template.into()))).into_response());
    }
    let templates = hub.store.templates(&name, user.as_ref()).await?;
    Ok(Json(Shown::All { templates: templates.into_iter().map(Into::into).collect() }).into_response())
}
