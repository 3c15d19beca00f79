//! How identifiers are made: at random, or from one another.

use rand::random;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::{AccountId, ApiKeyId, BatchId, BookingId, DeliveryId, DraftId, EngagementId, UniqueId};

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
        Self(first_twelve(&digest))
    }
}

impl EngagementId {
    /// A new one.
    #[must_use]
    pub fn random() -> Self {
        Self(random())
    }

    /// The email or text message that tells of this state of a booking: always the same one, however often it is asked for.
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
        Self(first_twelve(&hash.chain_update(version.to_be_bytes()).finalize()))
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
        EngagementId(first_twelve(&self.0))
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
        EngagementId(first_twelve(&digest))
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
        AccountId(first_twelve(&self.0))
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
        Self::new(EngagementId(*batch.bytes()))
    }

    /// The engagement that the delivery tells of.
    #[must_use]
    pub fn engagement_id(&self) -> EngagementId {
        EngagementId(first_twelve(&self.0))
    }

    /// The part that tells the deliveries of one engagement apart, sorted by time.
    #[must_use]
    pub fn sequence(&self) -> String {
        hex::encode(&self.0[12..])
    }
}

fn first_twelve(bytes: &[u8]) -> [u8; 12] {
    let mut first = [0; 12];
    first.copy_from_slice(&bytes[..12]);
    first
}
