//! Idempotency keys: the key makes the engagement's id, so no further item is needed (checklist A6).

use std::str::FromStr;

use hub_models::id::{AccountId, EngagementId};
use hub_models::moment::Moment;
use jiff::SignedDuration;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// For how long a key stands for the request that it first came with.
pub(crate) const VALID_FOR: SignedDuration = SignedDuration::from_hours(24);

/// What a caller sends to have a request carried out once, however often it arrives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(String);

/// A text that cannot be a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 255 visible ASCII characters.")]
pub struct IdempotencyKeyError;

impl FromStr for IdempotencyKey {
    type Err = IdempotencyKeyError;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let well_made = (1..=255).contains(&raw.len()) && raw.bytes().all(|b| b.is_ascii_graphic());
        if well_made { Ok(Self(raw.to_owned())) } else { Err(IdempotencyKeyError) }
    }
}

/// The ids that one key can stand for now: of today's window, and of the one before, which may not be over for it.
pub(crate) struct Candidates {
    pub(crate) current: EngagementId,
    pub(crate) previous: EngagementId,
}

impl IdempotencyKey {
    pub(crate) fn candidates(&self, account: AccountId, route: &str, now: Moment) -> Candidates {
        let window = now.as_second().div_euclid(VALID_FOR.as_secs());
        let id = |window: i64| self.engagement_id(account, route, window);
        Candidates { current: id(window), previous: id(window - 1) }
    }

    fn engagement_id(&self, account: AccountId, route: &str, window: i64) -> EngagementId {
        let mut hash = Sha256::new();
        hash.update(account.bytes());
        hash.update(route.as_bytes());
        hash.update([0]);
        hash.update(window.to_be_bytes());
        hash.update(self.0.as_bytes());
        let digest = hash.finalize();
        let mut bytes = [0; 12];
        bytes.copy_from_slice(&digest[..12]);
        EngagementId::from_bytes(bytes)
    }
}

/// What tells one request from another: its meaning, not its white space or the order of its fields.
#[must_use]
pub fn request_hash(body: &Value) -> String {
    // A JSON object keeps its keys sorted, so its text is canonical. Half of the hash is plenty against chance.
    hex::encode(&Sha256::digest(body.to_string().as_bytes())[..16])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_same_key_makes_the_same_id_for_at_least_a_day() {
        let key: IdempotencyKey = "order-1".parse().unwrap();
        let account = AccountId::random();
        let ids = |hour: i64| key.candidates(account, "/start", Moment::from_millisecond(hour * 3_600_000));
        assert_eq!(ids(23).current, ids(0).current);
        assert_eq!(ids(46).previous, ids(23).current);
        assert_ne!(ids(49).previous, ids(23).current);
        assert_ne!(key.candidates(AccountId::random(), "/start", Moment::from_millisecond(0)).current, ids(0).current);
    }

    #[test]
    fn the_order_of_fields_does_not_matter() {
        let (a, b) = (json!({"a": 1, "b": 2}), serde_json::from_str(r#"{ "b": 2, "a": 1 }"#).unwrap());
        assert_eq!(request_hash(&a), request_hash(&b));
        assert_ne!(request_hash(&a), request_hash(&json!({"a": 1})));
    }
}
