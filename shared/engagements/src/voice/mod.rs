//! Campaigns of the JSON:API: put together piece by piece, then submitted as a batch like any other (checklist L).
//!
//! Nothing here decides who is engaged, when, or at what price: a campaign becomes rows, and [`crate::bulk`] does the
//! rest. The batch has the campaign's id, so a campaign is submitted once however often that is asked for.

mod caller_ids;
mod campaigns;
mod envelopes;
mod progress;
mod senders;
mod submit;

pub use caller_ids::{call_again, create_caller_id, verify};
pub use campaigns::{CampaignEdit, all, campaign, change, remove};
pub use envelopes::{ShownEnvelope, add, change_envelope, envelope, envelopes, page_of_envelopes};
pub use progress::{CampaignProgress, progress};
pub use senders::{Sender, email_ids, phone_numbers};
pub use submit::submit;

use hub_models::voice::{CampaignError, ShortId, WrongCode};
use hub_store::StoreError;

use crate::StartError;
use crate::bulk::SubmitError;

/// Why something of a campaign could not be done. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum VoiceError {
    /// It is not the domain's, or it is not there.
    #[error("There is no such resource of type {kind} with the id {id}.")]
    Unknown {
        /// The resource's type.
        kind: &'static str,
        /// What it was looked for by.
        id: ShortId,
    },
    /// The campaign does not allow it.
    #[error(transparent)]
    Campaign(#[from] CampaignError),
    /// The code does not verify the number.
    #[error(transparent)]
    WrongCode(#[from] WrongCode),
    /// The number could not be called.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The batch was not accepted.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// A table could not be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}
