//! The HTTP edge that all functions share: who calls, what is sent, how errors look, and which routes there are.
//!
//! A handler takes what it needs as arguments, and an argument that cannot be had is an error response: a handler
//! without a caller in its signature is open to everyone, and one can see that it is.

mod authorized;
mod body;
mod endpoint;
mod error;
mod fields;
mod given;
mod problem;
mod query;
mod start_fields;

use std::sync::Arc;

use hub_engagements::Hub;

pub use authorized::{AccountSettings, Authorized, CallManagement, Engagements, Operator};
pub use body::{Body, JsonObject, idempotency_key};
pub use endpoint::{Endpoint, app, finished, not_found_app, openapi};
pub use error::ApiError;
pub use fields::{Fields, Named};
pub use given::Given;
pub use problem::Problem;
pub use query::{Paging, QueryFields, read_contact, read_time};
pub use start_fields::{Dialect, StartFields};

/// What every handler has: the hub.
pub type App = Arc<Hub>;
