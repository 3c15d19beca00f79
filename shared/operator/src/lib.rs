//! What an operator does with a hub from outside it: `engagement-hub set-up` brings an empty hub to its first email.
//!
//! It calls the hub's HTTP API like everybody else, on this machine or on AWS, and Amazon SES for what must be known
//! there. Each step first looks for what an earlier run left, so that a run that was broken off is completed by the
//! next one, and nothing is made twice.

mod access;
mod arguments;
mod console;
mod dns;
mod error;
mod hub_api;
mod kept;
pub mod private_file;
mod steps;

pub use arguments::SetUp;
pub use error::SetUpError;
pub use steps::Ended;
