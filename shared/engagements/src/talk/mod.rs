//! The conversation of calls and messages: what is heard is answered once, however often it is delivered (checklist M4, M5).
//!
//! A turn is one transition of its engagement. What was heard is kept with its answer, so that the same turn of a call, or
//! the same message, finds the answer that it had. A call is answered by the step that its carrier is given; a message is
//! answered by another one, which is claimed in the same write and sent once, like any attempt of an engagement.

mod begin;
mod booked;
mod calendar;
mod call;
mod contact;
mod decide;
mod look_after;
mod message;
mod opting;
mod record;
mod reply;
mod waiting;

use hub_models::id::EngagementId;
use hub_store::{Conversation, StoreError};

use crate::Hub;

pub use call::{CallEnd, answered, call_ended, heard, transfer_ended};
pub use contact::{HandError, Played, decline_by_hand, hang_up_by_hand, pick_up_by_hand, reply_by_hand};
pub use hub_models::talk::{AnsweredBy, CallStep, Then};
pub use message::{Inbound, MessageAnswer, message_in, message_in_at_last};

pub(crate) use begin::{LONGEST_MESSAGE, length_of, opening_of, prepare_opening, told_at_first};
pub(crate) use call::how_it_ended;
pub(crate) use contact::{follow_contact, ring};
pub(crate) use look_after::{look_after, wait_for_contact};
pub(crate) use message::begin_sent;
pub(crate) use opting::STOPPED_AT_CARRIER;
pub(crate) use waiting::{bring_forward, wait_for_agent};

/// Why a conversation could not go on.
#[derive(Debug, thiserror::Error)]
pub enum TalkError {
    /// There is no such engagement.
    #[error("There is no engagement {0}.")]
    Unknown(EngagementId),
    /// It is not recorded yet that the provider has taken it; a moment later it is.
    #[error("Engagement {0} is being sent; try again in a moment.")]
    NotYet(EngagementId),
    /// A table could not be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How often a turn is decided again because something else happened meanwhile: more often than a contact can write while it
/// is decided, because a carrier brings a message that was not taken no more.
const MOST_TRIES: usize = 32;

async fn load(hub: &Hub, id: EngagementId) -> Result<Conversation, TalkError> {
    hub.store.conversation(id).await?.ok_or(TalkError::Unknown(id))
}

fn too_lively(id: EngagementId) -> TalkError {
    TalkError::Store(StoreError::Throttled(format!("others kept changing engagement {id}")))
}
