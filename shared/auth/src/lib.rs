//! Who may call: API keys and their permissions, and the operator's key.

mod api_key;
mod caller;
mod operator;

pub use api_key::{ApiKeySecret, bearer};
pub use caller::{Caller, MissingPermission};
pub use operator::OperatorKey;
