//! The identifiers of the hub: each its own type, with a prefix that says what it names.

use std::fmt;
use std::str::FromStr;

use rand::random;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// A text that is not the identifier it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not {what}.")]
pub struct IdError {
    what: &'static str,
}

/// Declares an identifier: a prefix and so many random or derived bytes in lower-case hex.
macro_rules! hex_id {
    ($(#[$meta:meta])* $name:ident, $prefix:literal, $bytes:literal, $what:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name([u8; $bytes]);

        impl $name {
            /// The identifier of these bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; $bytes]) -> Self {
                Self(bytes)
            }

            /// Its bytes.
            #[must_use]
            pub const fn bytes(&self) -> &[u8; $bytes] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($prefix)?;
                f.write_str(&hex::encode(self.0))
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let wrong = IdError { what: $what };
                let digits = text.strip_prefix($prefix).ok_or_else(|| wrong.clone())?;
                if digits.bytes().any(|b| b.is_ascii_uppercase()) {
                    return Err(wrong);
                }
                let mut bytes = [0; $bytes];
                hex::decode_to_slice(digits, &mut bytes).map_err(|_| wrong)?;
                Ok(Self(bytes))
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }
    };
}

hex_id! {
    /// An engagement: `eng_` and 24 hex digits (checklist B4).
    EngagementId, "eng_", 12, "an engagement id (eng_ and 24 hex digits)"
}

hex_id! {
    /// An account: `acc_` and 24 hex digits.
    AccountId, "acc_", 12, "an account id (acc_ and 24 hex digits)"
}

hex_id! {
    /// An API key's name, not its secret: `key_`, the account's 24 hex digits and 16 of its own.
    ApiKeyId, "key_", 20, "an API key id (key_ and 40 hex digits)"
}

hex_id! {
    /// A webhook delivery: `dlv_`, the engagement's 24 hex digits and the 32 of a UUID v7.
    DeliveryId, "dlv_", 28, "a delivery id (dlv_ and 56 hex digits)"
}

hex_id! {
    /// A triggered call's `UniqueId`: its engagement's 24 hex digits and 32 random ones. Whoever knows it may ask how the
    /// call went (checklist K2).
    UniqueId, "", 28, "a UniqueId (56 hex digits)"
}

hex_id! {
    /// A batch in the making: `draft_` and 32 hex digits. Every try to submit a batch has its own.
    DraftId, "draft_", 16, "a draft id (draft_ and 32 hex digits)"
}

hex_id! {
    /// A booking: `bkg_` and 24 hex digits.
    BookingId, "bkg_", 12, "a booking id (bkg_ and 24 hex digits)"
}

impl BookingId {
    /// A new one.
    #[must_use]
    pub fn random() -> Self {
        Self(random())
    }

    /// The booking that an engagement makes: always the same one, however often it is made.
    #[must_use]
    pub fn of_engagement(id: EngagementId) -> Self {
        let digest = Sha256::new().chain_update(b"booking of ").chain_update(id.0).finalize();
        let mut bytes = [0; 12];
        bytes.copy_from_slice(&digest[..12]);
        Self(bytes)
    }
}

impl EngagementId {
    /// A new one.
    #[must_use]
    pub fn random() -> Self {
        Self(random())
    }
}

impl EngagementId {
    /// The email that tells of this state of a booking: always the same one, however often it is asked for.
    #[must_use]
    pub fn of_invitation(booking: BookingId, version: u64) -> Self {
        Self::derived(b"invitation to ", &booking.0, version)
    }

    /// The call that tells the code of this version of a caller id: always the same one, however often it is asked for.
    #[must_use]
    pub fn of_verification(caller_id: &[u8], version: u64) -> Self {
        Self::derived(b"verification of ", caller_id, version)
    }

    fn derived(purpose: &[u8], of: &[u8], version: u64) -> Self {
        let hash = Sha256::new().chain_update(purpose).chain_update(of);
        let digest = hash.chain_update(version.to_be_bytes()).finalize();
        let mut bytes = [0; 12];
        bytes.copy_from_slice(&digest[..12]);
        Self(bytes)
    }
}

impl UniqueId {
    /// A new one for a call of this engagement, with 128 random bits.
    #[must_use]
    pub fn random(engagement: EngagementId) -> Self {
        let own: [u8; 16] = random();
        let mut bytes = [0; 28];
        bytes[..12].copy_from_slice(&engagement.0);
        bytes[12..].copy_from_slice(&own);
        Self(bytes)
    }

    /// The engagement that it claims to be of.
    #[must_use]
    pub fn engagement_id(&self) -> EngagementId {
        let mut bytes = [0; 12];
        bytes.copy_from_slice(&self.0[..12]);
        EngagementId(bytes)
    }

    /// Whether the two are the same, in a time that tells nothing of how much of them is.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl DraftId {
    /// A new one.
    #[must_use]
    pub fn random() -> Self {
        Self(random())
    }

    /// The engagement at this place of the batch. Nobody else's engagement has it, and nobody can guess it.
    #[must_use]
    pub fn row(&self, place: u32) -> EngagementId {
        let digest = Sha256::new().chain_update(self.0).chain_update(place.to_be_bytes()).finalize();
        let mut bytes = [0; 12];
        bytes.copy_from_slice(&digest[..12]);
        EngagementId(bytes)
    }
}

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

impl TryFrom<String> for BatchId {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<BatchId> for String {
    fn from(id: BatchId) -> Self {
        id.to_string()
    }
}

impl AccountId {
    /// A new one.
    #[must_use]
    pub fn random() -> Self {
        Self(random())
    }
}

impl ApiKeyId {
    /// A new one for a key of this account. Carrying the account makes it findable without an index.
    #[must_use]
    pub fn random(account: AccountId) -> Self {
        let own: [u8; 8] = random();
        let mut bytes = [0; 20];
        bytes[..12].copy_from_slice(&account.0);
        bytes[12..].copy_from_slice(&own);
        Self(bytes)
    }

    /// The account that the key belongs to.
    #[must_use]
    pub fn account_id(&self) -> AccountId {
        let mut bytes = [0; 12];
        bytes.copy_from_slice(&self.0[..12]);
        AccountId(bytes)
    }
}

impl DeliveryId {
    /// A new one for a delivery that tells of this engagement, later than all before it.
    #[must_use]
    pub fn new(engagement: EngagementId) -> Self {
        let mut bytes = [0; 28];
        bytes[..12].copy_from_slice(&engagement.0);
        bytes[12..].copy_from_slice(Uuid::now_v7().as_bytes());
        Self(bytes)
    }

    /// A new one for a delivery that tells of this batch. It lies where an engagement with the batch's bytes would.
    #[must_use]
    pub fn of_batch(batch: BatchId) -> Self {
        Self::new(EngagementId(batch.0))
    }

    /// The engagement that the delivery tells of.
    #[must_use]
    pub fn engagement_id(&self) -> EngagementId {
        let mut bytes = [0; 12];
        bytes.copy_from_slice(&self.0[..12]);
        EngagementId(bytes)
    }

    /// The part that tells the deliveries of one engagement apart, sorted by time.
    #[must_use]
    pub fn sequence(&self) -> String {
        hex::encode(&self.0[12..])
    }
}

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
fn as_uuid(b: [u8; 12]) -> Uuid {
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
fn of_uuid(uuid: Uuid) -> Option<[u8; 12]> {
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

impl TryFrom<String> for CallSid {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<CallSid> for String {
    fn from(sid: CallSid) -> Self {
        sid.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engagement_id_has_twenty_four_hex_digits() {
        let text = EngagementId::random().to_string();
        assert!(text.starts_with("eng_") && text.len() == 28, "{text}");
        for bad in ["", "eng_", "eng_zz", "ENG_a1b2c3d4e5f6789012345678", "eng_A1B2C3D4E5F6789012345678"] {
            assert!(bad.parse::<EngagementId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_delivery_and_a_key_know_whose_they_are() {
        let (engagement, account) = (EngagementId::random(), AccountId::random());
        assert_eq!(DeliveryId::new(engagement).engagement_id(), engagement);
        assert_eq!(ApiKeyId::random(account).account_id(), account);
        assert_eq!(UniqueId::random(engagement).engagement_id(), engagement);
    }

    #[test]
    fn a_unique_id_is_no_other_of_the_same_engagement() {
        let engagement = EngagementId::random();
        let (one, other) = (UniqueId::random(engagement), UniqueId::random(engagement));
        assert!(one.is(&one) && !one.is(&other));
        assert_eq!(one.to_string().len(), 56);
        assert_eq!(one.to_string().parse(), Ok(one));
    }

    #[test]
    fn a_batch_is_a_uuid_of_this_hub() {
        let text = BatchId::from_bytes([0xab; 12]).to_string();
        assert_eq!(text, "abababab-abab-85ab-a8ab-abababab7562");
        for bad in ["", "abababab-abab-45ab-a8ab-abababab7562", "abababab-abab-85ab-a8ab-abababab0000"] {
            assert!(bad.parse::<BatchId>().is_err(), "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_batch_id_is_read_back_as_it_was_written(bytes: [u8; 12]) {
            let id = BatchId::from_bytes(bytes);
            proptest::prop_assert_eq!(id.to_string().parse::<BatchId>().ok(), Some(id));
        }

        #[test]
        fn a_call_sid_is_read_back_as_it_was_written(bytes: [u8; 12]) {
            let id = EngagementId::from_bytes(bytes);
            for sid in [CallSid::Queued(id), CallSid::Email(id)] {
                proptest::prop_assert_eq!(sid.to_string().parse::<CallSid>().ok(), Some(sid));
            }
        }
    }
}
