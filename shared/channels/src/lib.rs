//! What leaves the hub: emails, calls and messages, webhooks, and the queue messages that bring work back to it later.
//!
//! Whatever a provider says ends up as one of three errors, [`ProviderError`], because only three things can be done
//! about it: give up, try again, or find out. No other crate but the store knows an AWS SDK.

mod address;
mod aws;
pub mod email;
mod error;
pub mod queue;
pub mod secrets;
pub mod ses;
pub mod simulator;
pub mod webhook;
pub mod writer;

pub use error::ProviderError;

#[cfg(test)]
mod testing;
