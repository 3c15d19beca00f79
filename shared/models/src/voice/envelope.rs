//! One contact of a campaign, with what fills the variables for it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ActivityKind;
use crate::batch::MOST_ROWS;
use crate::contact::{Contact, EmailAddress, PhoneNumber};
use crate::moment::Moment;

/// The most envelopes of a campaign: it is submitted as one batch.
pub const MOST_ENVELOPES: u32 = MOST_ROWS as u32;

/// How a contact is reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// By calls and text messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<PhoneNumber>,
    /// By emails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_address: Option<EmailAddress>,
}

impl Recipient {
    /// The contact that an activity of this kind engages.
    #[must_use]
    pub fn contact(&self, kind: ActivityKind) -> Option<Contact> {
        match kind {
            ActivityKind::Voice | ActivityKind::Text => self.phone_number.clone().map(Contact::Phone),
            ActivityKind::Email => self.email_address.clone().map(Contact::Email),
        }
    }

    /// What an activity of this kind needs, as the API calls it.
    #[must_use]
    pub const fn needed(kind: ActivityKind) -> &'static str {
        match kind {
            ActivityKind::Voice | ActivityKind::Text => "phone-number",
            ActivityKind::Email => "email-address",
        }
    }
}

/// One contact of a campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// Its number in the campaign, from 0.
    pub number: u32,
    /// Whom it goes to.
    pub recipient: Recipient,
    /// The values of variables, as they were sent.
    #[serde(with = "as_text")]
    pub meta: Map<String, Value>,
    /// When it was made.
    pub created_at: Moment,
    /// When it was last changed.
    pub updated_at: Moment,
}

/// A table takes no numbers of more than 38 digits, so what callers send is kept as text.
mod as_text {
    use serde::de::Error as _;
    use serde::ser::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};
    use serde_json::{Map, Value};

    pub(super) fn serialize<S: Serializer>(meta: &Map<String, Value>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&serde_json::to_string(meta).map_err(S::Error::custom)?)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Map<String, Value>, D::Error> {
        let text = String::deserialize(deserializer)?;
        serde_json::from_str(&text).map_err(D::Error::custom)
    }
}
