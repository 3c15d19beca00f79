//! `/admin/*`: what the operator does, with the operator's key (checklist N1).
//!
//! | function | route |
//! |---|---|
//! | admin-accounts-create | `POST /admin/accounts` |
//! | admin-accounts-get | `GET /admin/accounts/{account_id}` |
//! | admin-domains-create | `POST /admin/accounts/{account_id}/domains` |
//! | admin-domains-get | `GET /admin/domains/{domain_name}` |
//! | admin-domains-update | `PATCH /admin/domains/{domain_name}` |
//! | admin-carrier | `GET`, `PUT` and `DELETE /admin/domains/{domain_name}/carrier` |
//! | admin-api-keys-create | `POST /admin/accounts/{account_id}/api-keys` |
//! | admin-api-keys-list | `GET /admin/accounts/{account_id}/api-keys` |
//! | admin-api-keys-revoke | `DELETE /admin/api-keys/{api_key_id}` |
//! | admin-workspaces | `POST`, `GET /admin/accounts/{account_id}/workspaces`, `DELETE …/workspaces/{workspace_id}` |
//! | admin-credits-add | `POST /admin/accounts/{account_id}/credits` |
//! | admin-credits-get | `GET /admin/accounts/{account_id}/credits` |

mod account;
pub mod accounts_create;
pub mod accounts_get;
mod api_key;
pub mod api_keys_create;
pub mod api_keys_list;
pub mod api_keys_revoke;
pub mod carrier;
mod carrier_settings;
mod credits;
pub mod credits_add;
pub mod credits_get;
mod domain;
pub mod domains_create;
pub mod domains_get;
pub mod domains_update;
mod settings;
mod workspace;
pub mod workspaces;

use hub_web::Endpoint;

/// The routes of this area.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    vec![
        accounts_create::endpoint(),
        accounts_get::endpoint(),
        domains_create::endpoint(),
        domains_get::endpoint(),
        domains_update::endpoint(),
        carrier::endpoint(),
        api_keys_create::endpoint(),
        api_keys_list::endpoint(),
        api_keys_revoke::endpoint(),
        workspaces::endpoint(),
        credits_add::endpoint(),
        credits_get::endpoint(),
    ]
}
