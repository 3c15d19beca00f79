//! What happens in a call, and when.

use serde::{Deserialize, Serialize};

use super::ShortId;
use crate::contact::PhoneNumber;
use crate::moment::Moment;

crate::channel::wire_words! {
    /// What a trigger does. What other kinds do in other hubs is not served.
    TriggerKind {
        /// It speaks a voice template.
        Say = "say",
        /// It connects the contact.
        Dial = "dial",
        /// It waits.
        Pause = "pause",
        /// It ends the call.
        Hangup = "hangup",
    }
}

crate::channel::wire_words! {
    /// When a trigger acts. What happens at other events in other hubs is not served.
    TriggerEvent {
        /// Whoever answers.
        Answered = "voice-answered",
        /// A person answers.
        Human = "voice-human",
        /// A machine answers.
        Machine = "voice-machine",
    }
}

/// What a trigger does, with what it needs for that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TriggerAction {
    /// It speaks.
    Say {
        /// The voice template.
        template: ShortId,
    },
    /// It connects the contact.
    Dial {
        /// With this number.
        number: PhoneNumber,
    },
    /// It waits.
    Pause,
    /// It ends the call.
    Hangup,
}

impl TriggerAction {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> TriggerKind {
        match self {
            Self::Say { .. } => TriggerKind::Say,
            Self::Dial { .. } => TriggerKind::Dial,
            Self::Pause => TriggerKind::Pause,
            Self::Hangup => TriggerKind::Hangup,
        }
    }
}

/// A trigger of a voice activity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// Its number in the campaign. Triggers of one event act in the order of their numbers.
    pub number: u16,
    /// When it acts.
    pub event: TriggerEvent,
    /// What it does.
    pub action: TriggerAction,
    /// How long it waits before it acts, in seconds.
    pub delay_in_seconds: u8,
    /// How often it speaks again after the first time.
    pub repeats: u8,
    /// When it was made.
    pub created_at: Moment,
    /// When it was last changed.
    pub updated_at: Moment,
}
