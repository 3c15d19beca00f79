//! An API key as the operator sees it: never the key itself.

use hub_models::account::{ApiKey, KeyMode, Permission};
use hub_models::id::ApiKeyId;
use hub_models::moment::Moment;
use serde::Serialize;
use utoipa::ToSchema;

/// An API key.
#[derive(Serialize, ToSchema)]
pub(crate) struct ShownApiKey {
    #[schema(value_type = String, example = "key_0a1b2c3d4e5f6789012345ab0011223344556677")]
    api_key_id: ApiKeyId,
    #[schema(example = "CRM production")]
    name: String,
    #[schema(value_type = Vec<String>, example = json!(["engagements", "call_management", "account_settings"]))]
    permissions: Vec<Permission>,
    /// `live`, or `test`: everything it starts is in test mode.
    #[schema(value_type = String, example = "live")]
    mode: KeyMode,
    #[schema(value_type = String)]
    created_at: Moment,
    /// Since when it opens nothing.
    #[schema(value_type = Option<String>)]
    revoked_at: Option<Moment>,
}

impl From<ApiKey> for ShownApiKey {
    fn from(key: ApiKey) -> Self {
        Self {
            api_key_id: key.api_key_id,
            name: key.name.to_string(),
            permissions: key.permissions,
            mode: key.mode,
            created_at: key.created_at,
            revoked_at: key.revoked_at,
        }
    }
}
