//! Campaigns as the voice JSON:API has them: one activity, triggers and envelopes, put together piece by piece and then
//! submitted as a batch (checklist L).
//!
//! What that API calls an engagement is a campaign here, since an engagement of the hub is one contact. Each envelope
//! of a campaign becomes one.

mod activity;
mod caller_id;
mod campaign;
mod envelope;
mod id;
mod template;
mod trigger;
mod variables;
mod writing;

pub use activity::{Activity, ActivityKind};
pub use caller_id::{CallerId, MOST_WRONG_CODES, Verification, VerificationCode, WrongCode};
pub use campaign::{Campaign, CampaignError, CampaignStatus, Delivery, Direction};
pub use envelope::{Envelope, MOST_ENVELOPES, Recipient};
pub use id::{CampaignId, Part, PartKind, ShortId, ShortIdError};
pub use template::{Template, TemplateKind, Wording};
pub use trigger::{Trigger, TriggerAction, TriggerEvent, TriggerKind};
pub use variables::{in_hub_form, variables};
pub use writing::{Materials, Spoken, Written};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::channel::wire_words;
use crate::moment::Moment;
use crate::text::Line;

/// What people call a campaign, a template or a caller id.
pub type Title = Line<200>;

wire_words! {
    /// What a domain keeps for its campaigns. The words are the resources' names in the API.
    KeptKind {
        /// Numbers that calls may show.
        CallerIds = "caller-ids",
        /// What calls say.
        VoiceTemplates = "voice-templates",
        /// What text messages say.
        TextTemplates = "text-templates",
    }
}

/// Something that a domain keeps for its campaigns, found by its id.
pub trait Kept: Serialize + DeserializeOwned {
    /// Under which name.
    fn kind(&self) -> KeptKind;
    /// Its identifier.
    fn id(&self) -> ShortId;
    /// Counts the changes, so that two at once do not undo each other.
    fn version(&self) -> u64;
    /// When it was made.
    fn created_at(&self) -> Moment;
}
