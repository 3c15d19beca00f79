//! Short identifiers: a UUID's 128 bits in 22 characters that are hard to mistake for one another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::id::BatchId;

/// No 0, 1, I, O or l.
const ALPHABET: &[u8; 57] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// So many digits hold 128 bits.
const LENGTH: usize = 22;

/// An identifier of the JSON:API: 22 characters, `cu8Eo9RyrUsV4MXEiDZpLM`, the least significant first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ShortId([u8; 16]);

/// A text that is no identifier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not an id, such as cu8Eo9RyrUsV4MXEiDZpLM.")]
pub struct ShortIdError;

impl ShortId {
    /// A new one.
    #[must_use]
    pub fn random() -> Self {
        Self(rand::random())
    }

    /// The identifier of these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl From<Uuid> for ShortId {
    fn from(uuid: Uuid) -> Self {
        Self(uuid.into_bytes())
    }
}

impl From<ShortId> for Uuid {
    fn from(id: ShortId) -> Self {
        Self::from_bytes(id.0)
    }
}

impl fmt::Display for ShortId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut digits = ['2'; LENGTH];
        let mut left = u128::from_be_bytes(self.0);
        for digit in &mut digits {
            // The rest of a division by 57 is one of the alphabet's 57 places.
            *digit = char::from(ALPHABET[(left % 57) as usize]);
            left /= 57;
        }
        f.write_str(&digits.iter().collect::<String>())
    }
}

impl FromStr for ShortId {
    type Err = ShortIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() != LENGTH {
            return Err(ShortIdError);
        }
        let digit = |c: u8| ALPHABET.iter().position(|known| *known == c).and_then(|at| u128::try_from(at).ok());
        let number = text.bytes().rev().try_fold(0_u128, |number, c| number.checked_mul(57)?.checked_add(digit(c)?));
        number.map(|number| Self(number.to_be_bytes())).ok_or(ShortIdError)
    }
}

impl TryFrom<String> for ShortId {
    type Error = ShortIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ShortId> for String {
    fn from(id: ShortId) -> Self {
        id.to_string()
    }
}

/// A campaign. Its activity, its triggers and its envelopes have its twelve bytes in their identifiers, so that each is
/// found by its own without an index; and the batch that it is submitted as has them too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CampaignId([u8; 12]);

/// What of a campaign an identifier names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Itself.
    Campaign,
    /// Its one activity.
    Activity,
    /// A trigger, numbered from 0.
    Trigger(u16),
    /// An envelope, numbered from 0.
    Envelope(u32),
}

crate::channel::wire_words! {
    /// The parts of a campaign by their resources' names in the API, where the campaign is an engagement.
    PartKind {
        /// Campaigns.
        Engagements = "engagements",
        /// Activities.
        Activities = "activities",
        /// Triggers.
        Triggers = "triggers",
        /// Envelopes.
        Envelopes = "envelopes",
    }
}

impl Part {
    /// Which resource it is.
    #[must_use]
    pub const fn kind(self) -> PartKind {
        match self {
            Self::Campaign => PartKind::Engagements,
            Self::Activity => PartKind::Activities,
            Self::Trigger(_) => PartKind::Triggers,
            Self::Envelope(_) => PartKind::Envelopes,
        }
    }
}

/// Where the numbers of triggers begin, behind the campaign and its activity.
const FIRST_TRIGGER: u32 = 2;

/// Where the numbers of envelopes begin.
const FIRST_ENVELOPE: u32 = 0x1_0000;

impl CampaignId {
    /// A new one.
    #[must_use]
    pub fn random() -> Self {
        Self(rand::random())
    }

    /// Its bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 12] {
        &self.0
    }

    /// The batch that the campaign is submitted as.
    #[must_use]
    pub const fn batch_id(self) -> BatchId {
        BatchId::from_bytes(self.0)
    }

    /// The identifier of a part of it.
    #[must_use]
    pub fn part(self, part: Part) -> ShortId {
        let number = match part {
            Part::Campaign => 0,
            Part::Activity => 1,
            Part::Trigger(number) => u32::from(number).saturating_add(FIRST_TRIGGER).min(FIRST_ENVELOPE - 1),
            Part::Envelope(number) => number.saturating_add(FIRST_ENVELOPE),
        };
        let mut bytes = [0; 16];
        bytes[..12].copy_from_slice(&self.0);
        bytes[12..].copy_from_slice(&number.to_be_bytes());
        ShortId(bytes)
    }

    /// The campaign that an identifier is of, and which part of it.
    #[must_use]
    pub fn of(id: ShortId) -> (Self, Part) {
        let [campaign @ .., a, b, c, d] = id.0;
        let part = match u32::from_be_bytes([a, b, c, d]) {
            0 => Part::Campaign,
            1 => Part::Activity,
            number @ FIRST_ENVELOPE.. => Part::Envelope(number - FIRST_ENVELOPE),
            // It is below 65,536.
            number => Part::Trigger((number - FIRST_TRIGGER) as u16),
        };
        (Self(campaign), part)
    }
}

impl fmt::Display for CampaignId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl FromStr for CampaignId {
    type Err = ShortIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0; 12];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| ShortIdError)?;
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for CampaignId {
    type Error = ShortIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<CampaignId> for String {
    fn from(id: CampaignId) -> Self {
        id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ids_of_the_document_are_ids() {
        for id in
            ["cu8Eo9RyrUsV4MXEiDZpLM", "Lv8UgucPVGWcwZd9Hre9dn", "RyrUsV4MXEicu8Eo9DZpLM", "yrbCdxqV2ZMdQBCszhA7TZ"]
        {
            assert_eq!(id.parse::<ShortId>().map(|id| id.to_string()).as_deref(), Ok(id));
        }
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for bad in
            ["", "2", "cu8Eo9RyrUsV4MXEiDZpL", "cu8Eo9RyrUsV4MXEiDZpL0", "zzzzzzzzzzzzzzzzzzzzzz", "éééééééééé2é"]
        {
            assert_eq!(bad.parse::<ShortId>(), Err(ShortIdError), "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn an_id_is_read_back_as_it_was_written(bytes: [u8; 16]) {
            let id = ShortId::from_bytes(bytes);
            proptest::prop_assert_eq!(id.to_string().len(), 22);
            proptest::prop_assert_eq!(id.to_string().parse::<ShortId>(), Ok(id));
            let (campaign, part) = CampaignId::of(id);
            proptest::prop_assert_eq!(campaign.part(part), id);
        }

        #[test]
        fn a_part_is_known_by_its_id(number in 0_u16..65_000, envelope in 0_u32..1_000_000) {
            let campaign = CampaignId::random();
            for part in [Part::Campaign, Part::Activity, Part::Trigger(number), Part::Envelope(envelope)] {
                proptest::prop_assert_eq!(CampaignId::of(campaign.part(part)), (campaign, part));
            }
        }
    }
}
