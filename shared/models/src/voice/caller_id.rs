//! Numbers that calls may show, once their owner has heard a code there and said it.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Kept, KeptKind, ShortId, Title};
use crate::contact::PhoneNumber;
use crate::moment::Moment;

/// For how long a code can be said.
const CODE_VALID_FOR: SignedDuration = SignedDuration::from_mins(15);

/// How many wrong codes are looked at; then a new call is needed.
pub const MOST_WRONG_CODES: u8 = 5;

/// A number that calls show once it is verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallerId {
    /// Its identifier.
    pub id: ShortId,
    /// Counts the changes.
    pub version: u64,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Title>,
    /// The number.
    pub phone_number: PhoneNumber,
    /// The code that was told last, until it is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification: Option<Verification>,
    /// When it was verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_at: Option<Moment>,
    /// When it was made.
    pub created_at: Moment,
    /// When it was last changed.
    pub updated_at: Moment,
}

/// A code that was told and not yet said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// The code, hashed with the id of what it verifies.
    code: String,
    /// When it was told.
    told_at: Moment,
    /// How many wrong codes were said since.
    wrong: u8,
}

/// Six digits, told by a call.
#[derive(Clone, PartialEq, Eq)]
pub struct VerificationCode(u32);

/// Why a code does not verify a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongCode {
    /// It is another one.
    #[error("is not the code that was told; listen again, or have the number called again.")]
    Wrong,
    /// None was told, the last one is too old, or too many wrong ones were said.
    #[error("cannot be checked any more: have the number called again, and send the new code within 15 minutes.")]
    Over,
}

impl VerificationCode {
    /// A new one.
    #[must_use]
    pub fn random() -> Self {
        Self(rand::random_range(0..1_000_000))
    }

    /// The code as it is sent back.
    #[must_use]
    pub fn digits(&self) -> String {
        format!("{:06}", self.0)
    }

    /// The code as a voice reads it: digit by digit.
    #[must_use]
    pub fn spoken(&self) -> String {
        self.digits().chars().map(String::from).collect::<Vec<_>>().join(", ")
    }
}

fn hash(id: ShortId, code: &str) -> String {
    hex::encode(Sha256::new().chain_update(id.bytes()).chain_update(code).finalize())
}

impl CallerId {
    /// The number with another code, that its owner is about to hear.
    #[must_use]
    pub fn told(self, code: &VerificationCode, now: Moment) -> Self {
        let code = hash(self.id, &code.digits());
        let verification = Some(Verification { code, told_at: now, wrong: 0 });
        Self { verification, version: self.version + 1, updated_at: now, ..self }
    }

    /// The number after its owner has said this code, and whether that was right.
    pub fn said(self, code: &str, now: Moment) -> (Self, Result<(), WrongCode>) {
        let next = Self { version: self.version + 1, updated_at: now, ..self };
        match &next.verification {
            Some(told) if told.wrong < MOST_WRONG_CODES && now - told.told_at <= CODE_VALID_FOR => {
                if told.code == hash(next.id, code) {
                    return (Self { verification: None, verified_at: Some(now), ..next }, Ok(()));
                }
                let verification = Some(Verification { wrong: told.wrong + 1, ..told.clone() });
                (Self { verification, ..next }, Err(WrongCode::Wrong))
            }
            Some(_) | None => (next, Err(WrongCode::Over)),
        }
    }
}

impl Kept for CallerId {
    fn kind(&self) -> KeptKind {
        KeptKind::CallerIds
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

#[cfg(test)]
mod tests {
    use super::*;

    fn told(code: &VerificationCode) -> CallerId {
        let now = Moment::from_millisecond(0);
        let caller_id = CallerId {
            id: ShortId::random(),
            version: 1,
            name: None,
            phone_number: "+14165551234".parse().unwrap(),
            verification: None,
            verified_at: None,
            created_at: now,
            updated_at: now,
        };
        caller_id.told(code, now)
    }

    fn minute(minute: i64) -> Moment {
        Moment::from_millisecond(minute * 60_000)
    }

    #[test]
    fn the_code_that_was_told_verifies_the_number() {
        let code = VerificationCode(1_234);
        let (verified, said) = told(&code).said("001234", minute(14));
        assert_eq!((verified.verified_at, said), (Some(minute(14)), Ok(())));
        assert_eq!(code.spoken(), "0, 0, 1, 2, 3, 4");
    }

    #[test]
    fn a_code_counts_for_a_quarter_of_an_hour() {
        let (caller_id, said) = told(&VerificationCode(1)).said("000001", minute(16));
        assert_eq!((caller_id.verified_at, said), (None, Err(WrongCode::Over)));
    }

    #[test]
    fn after_five_wrong_codes_the_right_one_is_wrong_too() {
        let mut caller_id = told(&VerificationCode(7));
        for _ in 0..MOST_WRONG_CODES {
            let (next, said) = caller_id.said("000008", minute(1));
            assert_eq!(said, Err(WrongCode::Wrong));
            caller_id = next;
        }
        assert_eq!(caller_id.said("000007", minute(1)).1, Err(WrongCode::Over));
    }
}
