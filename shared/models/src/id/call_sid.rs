//! The sids of the call log.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::hex::id_text;
use super::{EngagementId, IdError};

/// What a direct start answers with and the call log is asked by (checklist C3–C5).
///
/// A queued start and an email have no sid of a carrier yet or ever: theirs carries the engagement's id, so that
/// looking it up needs no index.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum CallSid {
    /// `QUEUED_` and a UUID.
    Queued(EngagementId),
    /// `EM` and 32 hex digits.
    Email(EngagementId),
    /// A carrier's own, `CA…` or `SM…`.
    Carrier(String),
}

impl CallSid {
    /// The engagement, where the sid itself says it.
    #[must_use]
    pub fn engagement_id(&self) -> Option<EngagementId> {
        match self {
            Self::Queued(id) | Self::Email(id) => Some(*id),
            Self::Carrier(_) => None,
        }
    }
}

/// Four bytes that make an identifier's twelve the sixteen of a UUID or an `EM` sid.
const SID_FILL: [u8; 4] = *b"ehub";

/// Splits an identifier over a UUID so that version (8) and variant bits stay what they must be.
pub(super) fn as_uuid(b: [u8; 12]) -> Uuid {
    // Byte 6 gives its high half and byte 8 its two high bits to version and variant; both are filled, not used.
    Uuid::new_v8([
        b[0],
        b[1],
        b[2],
        b[3],
        b[4],
        b[5],
        SID_FILL[0],
        b[6],
        SID_FILL[1],
        b[7],
        b[8],
        b[9],
        b[10],
        b[11],
        SID_FILL[2],
        SID_FILL[3],
    ])
}

/// The identifier that was split over this UUID.
pub(super) fn of_uuid(uuid: Uuid) -> Option<[u8; 12]> {
    let b = uuid.into_bytes();
    let id = [b[0], b[1], b[2], b[3], b[4], b[5], b[7], b[9], b[10], b[11], b[12], b[13]];
    (as_uuid(id) == uuid).then_some(id)
}

fn engagement_of_email(digits: &str) -> Option<EngagementId> {
    let mut bytes = [0; 16];
    hex::decode_to_slice(digits, &mut bytes).ok()?;
    let (id, fill) = bytes.split_at(12);
    (fill == SID_FILL).then(|| id.try_into().ok().map(EngagementId)).flatten()
}

impl fmt::Display for CallSid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Queued(id) => write!(f, "QUEUED_{}", as_uuid(id.0)),
            Self::Email(id) => write!(f, "EM{}{}", hex::encode(id.0), hex::encode(SID_FILL)),
            Self::Carrier(sid) => f.write_str(sid),
        }
    }
}

impl FromStr for CallSid {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = IdError { what: "a call_sid (CA…, SM…, EM… or QUEUED_…)" };
        if let Some(uuid) = text.strip_prefix("QUEUED_") {
            return uuid.parse().ok().and_then(of_uuid).map(EngagementId).map(Self::Queued).ok_or(wrong);
        }
        if let Some(digits) = text.strip_prefix("EM") {
            return engagement_of_email(digits).map(Self::Email).ok_or(wrong);
        }
        let well_made = (3..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        if well_made { Ok(Self::Carrier(text.to_owned())) } else { Err(wrong) }
    }
}

id_text!(CallSid);
