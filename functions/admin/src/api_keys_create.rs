//! `POST /admin/accounts/{account_id}/api-keys`: a new key, shown once.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use hub_auth::ApiKeySecret;
use hub_models::account::{ApiKey, KeyMode, Permission};
use hub_models::id::{AccountId, ApiKeyId};
use hub_models::moment::Moment;
use hub_web::{ApiError, App, Body, Endpoint, Fields, Given, Operator, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::account::{account_id, unknown_account};
use crate::api_key::ShownApiKey;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("admin-api-keys-create", routes!(handle))
}

/// A key to be made.
#[derive(Deserialize, ToSchema)]
struct NewApiKey {
    /// What its owner calls it.
    #[serde(default)]
    #[schema(value_type = String, example = "CRM production")]
    name: Given<String>,
    /// What it may do: `engagements`, `call_management`, `account_settings`. All three by default.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, example = json!(["engagements"]))]
    permissions: Given<Vec<String>>,
    /// `live` (default), or `test`: everything it starts is in test mode.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "live")]
    mode: Given<String>,
}

/// A key that was made.
#[derive(Serialize, ToSchema)]
struct MadeApiKey {
    /// The key. It is shown now and never again.
    #[schema(example = "hub_live_Xk3…")]
    api_key: String,
    #[serde(flatten)]
    shown: ShownApiKey,
}

/// Makes an API key for an account. The key is in this answer and nowhere else.
#[utoipa::path(
    post, path = "/admin/accounts/{account_id}/api-keys", tag = "Operator",
    params(("account_id" = String, Path)),
    request_body = NewApiKey,
    responses(
        (status = 201, body = MadeApiKey),
        (status = 400, body = Problem, description = "A value cannot be taken."),
        (status = 403, body = Problem, description = "Not the operator key."),
        (status = 404, body = Problem, description = "There is no such account."),
    ),
    security(("operator_key" = []))
)]
async fn handle(
    State(hub): State<App>,
    _: Operator,
    Path(path): Path<String>,
    Body(new): Body<NewApiKey>,
) -> Result<(StatusCode, Json<MadeApiKey>), ApiError> {
    let key = read(new, account_id(&path)?, hub.clock.now())?;
    let secret = ApiKeySecret::generate(key.mode);
    if !hub.store.create_api_key(&key, &secret.hash()).await? {
        return Err(unknown_account(&path));
    }
    let made = MadeApiKey { api_key: secret.expose().to_owned(), shown: key.into() };
    Ok((StatusCode::CREATED, Json(made)))
}

fn read(new: NewApiKey, account_id: AccountId, created_at: Moment) -> Result<ApiKey, ApiError> {
    let mut fields = Fields::default();
    let name = fields.required_line("name", new.name);
    let words = fields.value("permissions", new.permissions);
    let permissions = words.map_or_else(|| Permission::ALL.to_vec(), |words| permissions(&mut fields, &words));
    let mode = fields.parse("mode", new.mode, str::parse).unwrap_or(KeyMode::Live);
    let api_key_id = ApiKeyId::random(account_id);
    let key = name.map(|name| ApiKey { api_key_id, account_id, name, permissions, mode, created_at, revoked_at: None });
    Ok(fields.finish(key)?)
}

fn permissions(fields: &mut Fields, words: &[String]) -> Vec<Permission> {
    if words.is_empty() {
        fields.fault("permissions", "must name at least one permission.");
    }
    words.iter().filter_map(|word| fields.parse("permissions", Given::Value(word.clone()), str::parse)).collect()
}
