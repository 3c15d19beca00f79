//! `DELETE /admin/api-keys/{api_key_id}`: a key that opens nothing any more.

use axum::Json;
use axum::extract::{Path, State};
use hub_models::id::ApiKeyId;
use hub_models::text::excerpt;
use hub_web::{ApiError, App, Endpoint, Operator, Problem};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("admin-api-keys-revoke", routes!(handle))
}

/// It is done.
#[derive(Serialize, ToSchema)]
struct Revoked {
    /// Always true.
    #[schema(example = true)]
    ok: bool,
    #[schema(value_type = String)]
    api_key_id: ApiKeyId,
}

/// Revokes a key for good. Functions that are running keep a key for up to 30 seconds.
#[utoipa::path(
    delete, path = "/admin/api-keys/{api_key_id}", tag = "Operator",
    params(("api_key_id" = String, Path)),
    responses(
        (status = 200, body = Revoked),
        (status = 403, body = Problem, description = "Not the operator key."),
        (status = 404, body = Problem, description = "There is no such key."),
    ),
    security(("operator_key" = []))
)]
async fn handle(State(hub): State<App>, _: Operator, Path(path): Path<String>) -> Result<Json<Revoked>, ApiError> {
    let unknown = || ApiError::not_found(format!("There is no API key {}.", excerpt(&path)));
    let api_key_id: ApiKeyId = path.parse().map_err(|_| unknown())?;
    if !hub.store.revoke_api_key(api_key_id, hub.clock.now()).await? {
        return Err(unknown());
    }
    Ok(Json(Revoked { ok: true, api_key_id }))
}
