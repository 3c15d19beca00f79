//! `GET /rest/aventora/email-templates`: the layouts that a CRM's user may choose from (checklist J2).

use axum::Json;
use axum::extract::State;
use hub_engagements::{domain_of, templates_to_send};
use hub_web::{ApiError, App, Endpoint, ListedTemplate, Problem, UserOfWorkspace};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("crm-email-templates", routes!(handle))
}

/// The templates of the workspace's domain, by name; none where email is not set up.
#[derive(Serialize, ToSchema)]
struct EmailLayouts {
    templates: Vec<ListedTemplate>,
}

/// Lists the email templates of the workspace's domain, by name. Where email is not set up, the list is empty.
#[utoipa::path(
    get, path = "/rest/aventora/email-templates", tag = "CRM",
    responses(
        (status = 200, body = EmailLayouts),
        (status = 401, body = Problem, description = "No valid token of a workspace."),
    ),
    security(("workspace_token" = []))
)]
async fn handle(
    State(hub): State<App>,
    UserOfWorkspace { caller, workspace }: UserOfWorkspace,
) -> Result<Json<EmailLayouts>, ApiError> {
    let domain = domain_of(&hub, caller.account_id(), &workspace.domain_name).await?;
    let templates = templates_to_send(&hub, &domain).await?;
    Ok(Json(EmailLayouts { templates: templates.into_iter().map(Into::into).collect() }))
}
