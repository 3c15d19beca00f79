//! What leaves the hub: emails, calls and messages, webhooks, and the queue messages that bring work back to it later.
//!
//! Whatever a provider says ends up as one of four errors, [`ProviderError`], because only four things can be done
//! about it: give up, try again until it has failed too often, wait until there is room, or find out. No other crate but the store knows an AWS SDK.

mod address;
mod aws;
pub mod calendar_file;
pub mod converser;
pub mod email;
mod error;
pub mod logo;
mod outside;
pub mod queue;
pub mod secrets;
pub mod ses;
pub mod simulator;
pub mod twilio;
pub mod webhook;
pub mod writer;

pub use error::ProviderError;
pub use outside::Patience;

#[cfg(test)]
mod testing;
