//! Numbers that calls may show, once their owner has heard a code there and said it.

use std::fmt;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::{Kept, KeptKind, ShortId, Title};
use crate::contact::PhoneNumber;
use crate::id::EngagementId;
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
    /// Whether that was in test mode, where nobody hears a code: then only calls in test mode may show it.
    #[serde(default)]
    pub verified_in_test_mode: bool,
    /// When it was made.
    pub created_at: Moment,
    /// When it was last changed.
    pub updated_at: Moment,
}

/// A code that was told and not yet said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// The code.
    pub code: VerificationCode,
    /// Whether the call is in test mode.
    #[serde(default)]
    pub in_test_mode: bool,
    /// The version of the caller id that brought it.
    #[serde(default)]
    version: u64,
    /// What a request's idempotency key stands for that asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    asked_by: Option<EngagementId>,
    /// When it was told.
    told_at: Moment,
    /// How many wrong codes were said since.
    wrong: u8,
}

/// Six digits, told by a call. They are kept as long as they count, so that a call that broke off tells the same ones.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VerificationCode(String);

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
    /// A new one. In test mode, where nobody is called, it is always `000000`.
    #[must_use]
    pub fn new(test_mode: bool) -> Self {
        let number = if test_mode { 0 } else { rand::random_range(0..1_000_000) };
        Self(format!("{number:06}"))
    }

    /// The code as a voice reads it: digit by digit.
    #[must_use]
    pub fn spoken(&self) -> String {
        self.0.chars().map(String::from).collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Debug for VerificationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerificationCode(…)")
    }
}

impl Verification {
    /// The call that tells the code: always the same one, however often it is asked for.
    #[must_use]
    pub fn call(&self, caller_id: ShortId) -> EngagementId {
        EngagementId::of_verification(caller_id.bytes(), self.version)
    }

    /// Whether the code can be said. One that nobody has heard proves nothing outside test mode.
    fn counts(&self, test_mode: bool, now: Moment) -> bool {
        self.wrong < MOST_WRONG_CODES && now - self.told_at <= CODE_VALID_FOR && (test_mode || !self.in_test_mode)
    }
}

impl CallerId {
    /// Whether calls may show it, in test mode or outside.
    #[must_use]
    pub fn is_verified(&self, test_mode: bool) -> bool {
        self.verified_at.is_some() && (test_mode || !self.verified_in_test_mode)
    }

    /// The number with another code, that its owner is about to hear.
    #[must_use]
    pub fn told(self, code: VerificationCode, in_test_mode: bool, now: Moment) -> Self {
        let version = self.version + 1;
        let verification = Some(Verification { code, in_test_mode, version, asked_by: None, told_at: now, wrong: 0 });
        Self { verification, version, updated_at: now, ..self }
    }

    /// The same, where a request with an idempotency key has asked for the code that is told.
    #[must_use]
    pub fn asked_by(self, key: EngagementId) -> Self {
        let verification = self.verification.map(|told| Verification { asked_by: Some(key), ..told });
        Self { verification, ..self }
    }

    /// Whether a request with one of these idempotency keys has asked since for the code that was told.
    #[must_use]
    pub fn was_asked_by(&self, keys: [EngagementId; 2], since: Moment) -> bool {
        let told = self.verification.as_ref().filter(|told| told.told_at > since);
        told.and_then(|told| told.asked_by).is_some_and(|key| keys.contains(&key))
    }

    /// The number after its owner has said this code, and whether that was right.
    pub fn said(self, code: &str, test_mode: bool, now: Moment) -> (Self, Result<(), WrongCode>) {
        let next = Self { version: self.version + 1, updated_at: now, ..self };
        match &next.verification {
            Some(told) if told.counts(test_mode, now) => {
                if told.code.0 == code {
                    let verified_in_test_mode = told.in_test_mode;
                    let verified_at = Some(now);
                    return (Self { verification: None, verified_at, verified_in_test_mode, ..next }, Ok(()));
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

    fn code(digits: &str) -> VerificationCode {
        VerificationCode(digits.to_owned())
    }

    fn told(code: VerificationCode, in_test_mode: bool) -> CallerId {
        let now = Moment::from_millisecond(0);
        let caller_id = CallerId {
            id: ShortId::random(),
            version: 1,
            name: None,
            phone_number: "+14165551234".parse().unwrap(),
            verification: None,
            verified_at: None,
            verified_in_test_mode: false,
            created_at: now,
            updated_at: now,
        };
        caller_id.told(code, in_test_mode, now)
    }

    fn minute(minute: i64) -> Moment {
        Moment::from_millisecond(minute * 60_000)
    }

    #[test]
    fn the_code_that_was_told_verifies_the_number() {
        let (verified, said) = told(code("001234"), false).said("001234", false, minute(14));
        assert_eq!((verified.verified_at, said), (Some(minute(14)), Ok(())));
        assert!(verified.is_verified(false) && verified.is_verified(true));
        assert_eq!(code("001234").spoken(), "0, 0, 1, 2, 3, 4");
    }

    #[test]
    fn a_code_that_nobody_has_heard_verifies_the_number_for_test_mode_only() {
        let caller_id = told(VerificationCode::new(true), true);
        assert_eq!(caller_id.clone().said("000000", false, minute(1)).1, Err(WrongCode::Over));
        let (verified, said) = caller_id.said("000000", true, minute(1));
        assert_eq!((verified.is_verified(true), verified.is_verified(false), said), (true, false, Ok(())));
        let (heard, said) = verified.told(code("123456"), false, minute(2)).said("123456", false, minute(3));
        assert_eq!((heard.is_verified(false), said), (true, Ok(())));
    }

    #[test]
    fn each_code_has_a_call_of_its_own_and_no_log_shows_it() {
        let first = told(code("123456"), false);
        let second = first.clone().told(code("123456"), false, minute(1));
        let call = |caller_id: &CallerId| caller_id.verification.as_ref().unwrap().call(caller_id.id);
        assert_eq!(call(&first), call(&first.clone()));
        assert_ne!(call(&first), call(&second));
        assert!(!format!("{first:?}").contains("123456"));
    }

    #[test]
    fn a_code_counts_for_a_quarter_of_an_hour() {
        let (caller_id, said) = told(code("000001"), false).said("000001", false, minute(16));
        assert_eq!((caller_id.verified_at, said), (None, Err(WrongCode::Over)));
    }

    #[test]
    fn after_five_wrong_codes_the_right_one_is_wrong_too() {
        let mut caller_id = told(code("000007"), false);
        for _ in 0..MOST_WRONG_CODES {
            let (next, said) = caller_id.said("000008", false, minute(1));
            assert_eq!(said, Err(WrongCode::Wrong));
            caller_id = next;
        }
        assert_eq!(caller_id.said("000007", false, minute(1)).1, Err(WrongCode::Over));
    }
}
