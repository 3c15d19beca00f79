//! The identifier of a batch.

use std::fmt;
use std::str::FromStr;

use rand::random;
use serde::{Deserialize, Serialize};

use super::IdError;
use super::call_sid::{as_uuid, of_uuid};
use super::hex::id_text;

/// A batch, shown as a UUID (checklist I3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BatchId([u8; 12]);

impl BatchId {
    /// A new one.
    #[must_use]
    pub fn random() -> Self {
        Self(random())
    }

    /// The identifier of these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 12]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 12] {
        &self.0
    }
}

impl fmt::Display for BatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        as_uuid(self.0).fmt(f)
    }
}

impl FromStr for BatchId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let uuid = text.parse().ok();
        uuid.and_then(of_uuid).map(Self).ok_or(IdError { what: "a batch id (a UUID that a submit has answered)" })
    }
}

id_text!(BatchId);
