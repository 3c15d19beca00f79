//! A CRM's workspaces: one item by the workspace with everything, and one with its account, for lists.

use std::sync::Arc;

use hub_models::id::AccountId;
use hub_models::workspace::{Workspace, WorkspaceId, WorkspaceSummary};

use crate::Store;
use crate::domains::Created;
use crate::error::StoreError;
use crate::item::{Item, s, to_item};
use crate::keys;
use crate::transaction::{Transacted, delete, exists, put};

impl Store {
    /// Writes a new workspace of an existing account.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn create_workspace(&self, workspace: &Workspace) -> Result<Created, StoreError> {
        let table = &self.tables.accounts;
        let (account, id) = (workspace.account_id, &workspace.workspace_id);
        let note = to_item(&keys::account_workspace(account, id), &workspace.summary())?;
        let writes = vec![
            exists(table, &keys::account(account))?,
            put(table, to_item(&keys::workspace(id), workspace)?, Some("attribute_not_exists(pk)"), Item::new())?,
            put(table, note, None, Item::new())?,
        ];
        Ok(match self.transact(writes).await? {
            Transacted::Done => Created::Yes,
            Transacted::Refused(reasons) if matches!(reasons.first(), Some(Some(_))) => Created::NoAccount,
            Transacted::Refused(_) => Created::Taken,
        })
    }

    /// The workspace as it was at most 30 s ago.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn workspace_cached(&self, id: &WorkspaceId) -> Result<Option<Arc<Workspace>>, StoreError> {
        if let Some(workspace) = self.cached.workspaces.get(id) {
            return Ok(Some(workspace));
        }
        let workspace = self.read(&self.tables.accounts, &keys::workspace(id)).await?;
        Ok(workspace.map(|workspace| self.cached.workspaces.put(id.clone(), workspace)))
    }

    /// The workspaces of an account, by name.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub async fn workspaces_of(&self, id: AccountId) -> Result<Vec<WorkspaceSummary>, StoreError> {
        self.read_all(&self.tables.accounts, &keys::account_pk(id), keys::ACCOUNT_WORKSPACE).await
    }

    /// Removes a workspace of an account, whose tokens open nothing from then on; false where the account has none of this
    /// name.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub async fn delete_workspace(&self, account: AccountId, id: &WorkspaceId) -> Result<bool, StoreError> {
        let table = &self.tables.accounts;
        let own = Item::from([(":account".to_owned(), s(account.to_string()))]);
        let writes = vec![
            delete(table, &keys::workspace(id), Some("account_id = :account"), own)?,
            delete(table, &keys::account_workspace(account, id), None, Item::new())?,
        ];
        let done = self.transact(writes).await?;
        self.cached.workspaces.forget(id);
        Ok(matches!(done, Transacted::Done))
    }
}
