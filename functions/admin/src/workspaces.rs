//! `/admin/accounts/{account_id}/workspaces`: the workspaces of a CRM whose users engage for an account (checklist J1).
//!
//! The three routes are one function: they are used once for each workspace, and a function costs the stack resources.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use hub_engagements::domain_of;
use hub_models::text::excerpt;
use hub_models::workspace::{Workspace, WorkspaceId};
use hub_store::Created;
use hub_web::{ApiError, App, Body, Endpoint, Operator, Problem};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::account::{account_id, unknown_account};
use crate::workspace::{NewWorkspace, ReadWorkspace, ShownWorkspace};

/// This function and its routes.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("admin-workspaces", routes!(create, list)).and(routes!(delete))
}

/// The workspaces of an account.
#[derive(Serialize, ToSchema)]
struct Workspaces {
    workspaces: Vec<ShownWorkspace>,
}

/// A workspace that was removed.
#[derive(Serialize, ToSchema)]
struct RemovedWorkspace {
    /// Always true.
    ok: bool,
    #[schema(value_type = String, example = "20202020-1c25-4d02-bf25-6aeccf7ea419")]
    workspace_id: WorkspaceId,
}

/// Makes a workspace: from then on its users engage for the domain with tokens that its key verifies.
///
/// What tokens are verified with is never shown again. For another key, remove the workspace and make it anew.
#[utoipa::path(
    post, path = "/admin/accounts/{account_id}/workspaces", tag = "Operator",
    params(("account_id" = String, Path)),
    request_body = NewWorkspace,
    responses(
        (status = 201, body = ShownWorkspace),
        (status = 400, body = Problem, description = "A value cannot be taken."),
        (status = 403, body = Problem, description = "Not the operator key."),
        (status = 404, body = Problem, description = "There is no such account, or the domain is not the account's."),
        (status = 409, body = Problem, description = "There is a workspace of this name."),
    ),
    security(("operator_key" = []))
)]
async fn create(
    State(hub): State<App>,
    _: Operator,
    Path(path): Path<String>,
    Body(new): Body<NewWorkspace>,
) -> Result<(StatusCode, Json<ShownWorkspace>), ApiError> {
    let account_id = account_id(&path)?;
    let ReadWorkspace { workspace_id, domain_name, jwt, audience } = new.read()?;
    domain_of(&hub, account_id, &domain_name).await?;
    let created_at = hub.clock.now();
    let workspace = Workspace { workspace_id, account_id, domain_name, jwt, audience, created_at };
    match hub.store.create_workspace(&workspace).await? {
        Created::Yes => Ok((StatusCode::CREATED, Json(workspace.summary().into()))),
        Created::NoAccount => Err(unknown_account(&path)),
        Created::Taken => {
            let detail = format!("There is a workspace {} already; remove it first.", workspace.workspace_id);
            Err(ApiError::new(StatusCode::CONFLICT, detail))
        }
    }
}

/// Lists the workspaces of an account, without what their tokens are verified with.
#[utoipa::path(
    get, path = "/admin/accounts/{account_id}/workspaces", tag = "Operator",
    params(("account_id" = String, Path)),
    responses(
        (status = 200, body = Workspaces),
        (status = 403, body = Problem, description = "Not the operator key."),
        (status = 404, body = Problem, description = "There is no such account."),
    ),
    security(("operator_key" = []))
)]
async fn list(State(hub): State<App>, _: Operator, Path(path): Path<String>) -> Result<Json<Workspaces>, ApiError> {
    let id = account_id(&path)?;
    hub.store.account(id).await?.ok_or_else(|| unknown_account(&path))?;
    let workspaces = hub.store.workspaces_of(id).await?.into_iter().map(ShownWorkspace::from).collect();
    Ok(Json(Workspaces { workspaces }))
}

/// Removes a workspace. Its tokens open nothing from then on, after 30 seconds at the latest.
#[utoipa::path(
    delete, path = "/admin/accounts/{account_id}/workspaces/{workspace_id}", tag = "Operator",
    params(("account_id" = String, Path), ("workspace_id" = String, Path)),
    responses(
        (status = 200, body = RemovedWorkspace),
        (status = 403, body = Problem, description = "Not the operator key."),
        (status = 404, body = Problem, description = "The account has no such workspace."),
    ),
    security(("operator_key" = []))
)]
async fn delete(
    State(hub): State<App>,
    _: Operator,
    Path((account, workspace)): Path<(String, String)>,
) -> Result<Json<RemovedWorkspace>, ApiError> {
    let unknown = || ApiError::not_found(format!("The account has no workspace {}.", excerpt(&workspace)));
    let account_id = account_id(&account)?;
    let workspace_id: WorkspaceId = workspace.parse().map_err(|_| unknown())?;
    if !hub.store.delete_workspace(account_id, &workspace_id).await? {
        return Err(unknown());
    }
    Ok(Json(RemovedWorkspace { ok: true, workspace_id }))
}
