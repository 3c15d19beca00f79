//! The way in which a campaign engages its contacts.

use serde::{Deserialize, Serialize};

use super::{ShortId, Title};
use crate::channel::Channel;
use crate::moment::Moment;

crate::channel::wire_words! {
    /// What an activity does.
    ActivityKind {
        /// It calls.
        Voice = "voice",
        /// It sends text messages.
        Text = "text",
        /// It sends emails.
        Email = "email",
    }
}

impl ActivityKind {
    /// The hub's channel for it.
    #[must_use]
    pub const fn channel(self) -> Channel {
        match self {
            Self::Voice => Channel::Phone,
            Self::Text => Channel::Sms,
            Self::Email => Channel::Email,
        }
    }
}

/// The activity of a campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// What people call it.
    pub name: Title,
    /// What it does.
    pub kind: ActivityKind,
    /// Whom it is from: a caller id, a phone number or an email id, by its kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<ShortId>,
    /// What it says, where no trigger decides that: a text or an email template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<ShortId>,
    /// When it was made.
    pub created_at: Moment,
    /// When it was last changed.
    pub updated_at: Moment,
}
