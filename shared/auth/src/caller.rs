//! An authenticated caller and what it may do.

use std::sync::Arc;

use hub_models::account::{ApiKey, KeyMode, Permission};
use hub_models::id::AccountId;
use hub_models::workspace::Workspace;

/// Someone with a valid API key, or a user of a CRM with a valid token of their workspace.
#[derive(Clone, Debug)]
pub struct Caller(Who);

#[derive(Clone, Debug)]
enum Who {
    Key(Arc<ApiKey>),
    User(Arc<Workspace>),
}

/// A permission that the key does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("This API key does not have the permission {0}; use a key that has it.")]
pub struct MissingPermission(pub Permission);

impl Caller {
    /// The caller with this key, unless the key was revoked.
    #[must_use]
    pub fn with(key: Arc<ApiKey>) -> Option<Self> {
        key.revoked_at.is_none().then_some(Self(Who::Key(key)))
    }

    /// A user of this workspace, whose token was verified.
    #[must_use]
    pub fn user_of(workspace: Arc<Workspace>) -> Self {
        Self(Who::User(workspace))
    }

    /// The account that is opened.
    #[must_use]
    pub fn account_id(&self) -> AccountId {
        match &self.0 {
            Who::Key(key) => key.account_id,
            Who::User(workspace) => workspace.account_id,
        }
    }

    /// Whether everything that is started is a test.
    #[must_use]
    pub fn is_test(&self) -> bool {
        match &self.0 {
            Who::Key(key) => key.mode == KeyMode::Test,
            Who::User(_) => false,
        }
    }

    /// Passes only with this permission.
    ///
    /// # Errors
    /// When the key does not have it.
    pub fn require(&self, permission: Permission) -> Result<(), MissingPermission> {
        let permitted = match &self.0 {
            Who::Key(key) => key.permissions.contains(&permission),
            // A CRM's users engage, and change nothing of the account.
            Who::User(_) => permission == Permission::Engagements,
        };
        if permitted { Ok(()) } else { Err(MissingPermission(permission)) }
    }
}
