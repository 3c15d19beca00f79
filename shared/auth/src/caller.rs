//! An API key that was found good, and what it may do.

use std::sync::Arc;

use hub_models::account::{ApiKey, KeyMode, Permission};
use hub_models::id::AccountId;

/// Someone with a valid API key.
#[derive(Clone, Debug)]
pub struct Caller(Arc<ApiKey>);

/// A permission that the key does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("This API key does not have the permission {0}; use a key that has it.")]
pub struct MissingPermission(pub Permission);

impl Caller {
    /// The caller with this key, unless the key was revoked.
    #[must_use]
    pub fn with(key: Arc<ApiKey>) -> Option<Self> {
        key.revoked_at.is_none().then_some(Self(key))
    }

    /// The account that the key opens.
    #[must_use]
    pub fn account_id(&self) -> AccountId {
        self.0.account_id
    }

    /// Whether everything that is started is a test.
    #[must_use]
    pub fn is_test(&self) -> bool {
        self.0.mode == KeyMode::Test
    }

    /// Passes only with this permission.
    ///
    /// # Errors
    /// When the key does not have it.
    pub fn require(&self, permission: Permission) -> Result<(), MissingPermission> {
        if self.0.permissions.contains(&permission) { Ok(()) } else { Err(MissingPermission(permission)) }
    }
}
