//! What a campaign says, written once for all its contacts.

use serde::{Deserialize, Serialize};

use super::{Kept, KeptKind, ShortId, Title};
use crate::moment::Moment;
use crate::script::VoiceName;
use crate::text::Instruction;

crate::channel::wire_words! {
    /// How a voice template is made. Recordings are not served.
    TemplateKind {
        /// A text, to be spoken.
        Text = "text",
    }
}

/// A voice template or a text template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Its identifier.
    pub id: ShortId,
    /// Counts the changes.
    pub version: u64,
    /// What people call it.
    pub name: Title,
    /// What it says.
    pub wording: Wording,
    /// When it was made.
    pub created_at: Moment,
    /// When it was last changed.
    pub updated_at: Moment,
}

/// What a template says, with variables such as `{{first-name}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Wording {
    /// To be spoken.
    Voice {
        /// The text.
        body: Instruction,
        /// The voice; the carrier's default where none is named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        voice: Option<VoiceName>,
    },
    /// To be sent as a text message.
    Text {
        /// The text.
        body: Instruction,
    },
}

impl Template {
    /// The text.
    #[must_use]
    pub fn body(&self) -> &Instruction {
        match &self.wording {
            Wording::Voice { body, .. } | Wording::Text { body } => body,
        }
    }

    /// The voice that it is spoken in, where one is named.
    #[must_use]
    pub fn voice(&self) -> Option<&VoiceName> {
        match &self.wording {
            Wording::Voice { voice, .. } => voice.as_ref(),
            Wording::Text { .. } => None,
        }
    }
}

impl Kept for Template {
    fn kind(&self) -> KeptKind {
        match self.wording {
            Wording::Voice { .. } => KeptKind::VoiceTemplates,
            Wording::Text { .. } => KeptKind::TextTemplates,
        }
    }

    fn id(&self) -> ShortId {
        self.id
    }

    fn version(&self) -> u64 {
        self.version
    }

    fn created_at(&self) -> Moment {
        self.created_at
    }
}
