//! The domain of the hub: what an engagement is and what it may become, with no word of HTTP, AWS or tokio.
//!
//! Raw input becomes one of these types once, at the edge, and cannot be wrong from then on.

pub mod account;
pub mod batch;
pub mod calendar;
pub mod carrier;
pub mod channel;
pub mod clock;
pub mod contact;
pub mod date_time;
pub mod do_not_contact;
pub mod domain;
pub mod email;
pub mod engagement;
pub mod fault;
pub mod id;
pub mod logo;
pub mod moment;
pub mod outbound_email;
pub mod outside;
pub mod placeholders;
pub mod price;
pub mod retry;
pub mod scenario;
pub mod schedule;
pub mod script;
pub mod sender;
pub mod start;
pub mod talk;
pub mod template;
pub mod text;
pub mod voice;
pub mod webhook;
pub mod wording;
pub mod workspace;
