//! Who may call: API keys and their permissions, the operator's key, a CRM's workspaces, links that the hub has signed, and
//! a carrier by its signature.

mod api_key;
mod basic;
mod caller;
mod link;
mod operator;
mod twilio;
mod workspace;

pub use api_key::{ApiKeySecret, bearer};
pub use basic::{BasicCredentials, basic};
pub use caller::{Caller, MissingPermission};
pub use link::LinkKey;
pub use operator::OperatorKey;
pub use twilio::is_signed_by_twilio;
pub use workspace::{TokenError, check_key, claimed_workspace, verify_token};
