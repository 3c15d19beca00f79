//! The HTTP edge that all functions share: who calls, what is sent, how errors look, and which routes there are.
//!
//! A handler takes what it needs as arguments, and an argument that cannot be had is an error response: a handler
//! without a caller in its signature is open to everyone, and one can see that it is.

mod accepted;
mod authorized;
mod body;
mod email_fields;
mod endpoint;
mod error;
mod fields;
mod form;
mod given;
pub mod jsonapi;
mod listed_template;
mod parameters;
mod problem;
mod public_url;
mod query;
mod revision;
mod start_fields;
mod user_of_workspace;
mod web_form;

use std::sync::Arc;

use hub_engagements::Hub;

pub use accepted::Accepted;
pub use authorized::{AccountSettings, Authorized, CallManagement, Engagements, Operator};
pub use body::{Body, JsonObject, JsonOrCsv, LargeJsonObject, idempotency_key};
pub use email_fields::EmailFields;
pub use endpoint::{Endpoint, RequestId, app, finished, milliseconds_since, not_found_app, openapi};
pub use error::ApiError;
pub use fields::{Fields, Named};
pub use form::{Form, UploadedFile};
pub use given::Given;
pub use listed_template::ListedTemplate;
pub use parameters::Parameters;
pub use problem::Problem;
pub use public_url::PublicUrl;
pub use query::{Paging, QueryFields, contact_in_query, read_contact, read_time};
pub use revision::{Based, Revised};
pub use start_fields::{Dialect, StartFields};
pub use user_of_workspace::UserOfWorkspace;
pub use web_form::WebForm;

/// What every handler has: the hub.
pub type App = Arc<Hub>;
