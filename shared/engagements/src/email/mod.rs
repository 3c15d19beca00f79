//! Emails: which settings and which template they have, what they become, and how they leave.

mod letter;
mod pacing;
mod preview;
mod send;
mod settings;
mod template;
mod unsubscribe;

pub use pacing::Pacer;
pub use preview::{Preview, PreviewError, PreviewRequest, preview};
pub(crate) use send::send_email;
pub(crate) use settings::{SET_A_SENDER, organization_name, sender_of};
pub use template::templates_to_send;
pub(crate) use template::{Resolved, resolve};
pub(crate) use unsubscribe::link_key;
pub use unsubscribe::{Followed, LinkError, Reader, reader_of, unsubscribe};
