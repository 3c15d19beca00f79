//! Calls and messages by the carrier of a domain: handed over once, followed by what the carrier reports, and looked after
//! where it reports nothing (checklist M1, M2).

mod account;
mod follow;
mod hang_up;
mod links;
mod pacing;
mod reply;
mod report;
mod send;

pub use account::{AccountError, account_of, doubt_account, remove_carrier, set_carrier};
pub use links::{ANSWER, CALLBACK_PATHS, DIALLED, TURN, inbound_messages, later_in_call};
pub use report::{CarrierReport, Told, record_report, take_as_evidence};

pub(crate) use follow::{Evidence, evidence, follow};
pub(crate) use hang_up::hang_up;
pub(crate) use reply::{reply_was_taken, send_reply};
pub(crate) use report::look_again;
pub(crate) use send::send_by_carrier;
