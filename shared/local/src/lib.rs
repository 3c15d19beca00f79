//! The whole hub in one process: every function, on AWS services that are embedded and keep their data in one folder.
//!
//! Nothing of the functions is different here. What API Gateway, SQS and EventBridge do on AWS, [`functions`] and the
//! runner do here, and below the AWS SDK's clients is [`aws`] instead of the network. Only a model, if there is one, is
//! asked where it is.

pub mod aws;
mod bootstrap;
mod contacts;
mod credentials;
pub mod functions;
mod hub;
mod in_flight;
mod journal;
mod messages;
mod model;
mod options;
mod runner;

pub use credentials::Credentials;
pub use hub::{LocalHub, StartError};
pub use model::Model;
pub use options::{Options, OptionsError, Waking};
