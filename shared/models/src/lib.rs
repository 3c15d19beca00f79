//! The domain of the hub: what an engagement is and what it may become, with no word of HTTP, AWS or tokio.
//!
//! Raw input becomes one of these types once, at the edge, and cannot be wrong from then on.

pub mod account;
pub mod channel;
pub mod clock;
pub mod contact;
pub mod domain;
pub mod email;
pub mod engagement;
pub mod fault;
pub mod id;
pub mod moment;
pub mod placeholders;
pub mod retry;
pub mod schedule;
pub mod start;
pub mod text;
pub mod webhook;
