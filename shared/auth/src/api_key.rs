//! API keys as they are made, shown once and presented.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hub_models::account::{KeyHash, KeyMode};
use secrecy::{ExposeSecret, SecretString};

/// An API key: a prefix that says what it is and 256 random bits.
///
/// It prints nothing. It is compared by its hash, which a table look-up finds: an attacker who times the look-up
/// learns of a hash, and a hash opens nothing.
pub struct ApiKeySecret(SecretString);

impl ApiKeySecret {
    /// A new key.
    #[must_use]
    pub fn generate(mode: KeyMode) -> Self {
        let bits: [u8; 32] = rand::random();
        Self(format!("hub_{mode}_{}", URL_SAFE_NO_PAD.encode(bits)).into())
    }

    /// The key, to be shown to its owner once.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// What is stored of it.
    #[must_use]
    pub fn hash(&self) -> KeyHash {
        KeyHash::of(self.expose())
    }
}

impl fmt::Debug for ApiKeySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKeySecret(…)")
    }
}

/// The token of an `Authorization: Bearer …` header.
#[must_use]
pub fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.trim().split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_says_its_mode_and_hides_itself() {
        let key = ApiKeySecret::generate(KeyMode::Test);
        assert!(key.expose().starts_with("hub_test_") && key.expose().len() == 52);
        assert_eq!(format!("{key:?}"), "ApiKeySecret(…)");
        assert_ne!(key.hash(), ApiKeySecret::generate(KeyMode::Test).hash());
    }

    #[test]
    fn only_a_bearer_token_is_taken() {
        assert_eq!(bearer("Bearer abc"), Some("abc"));
        assert_eq!(bearer("bearer  abc "), Some("abc"));
        for bad in ["", "Bearer", "Bearer ", "Basic abc", "abc"] {
            assert_eq!(bearer(bad), None, "{bad}");
        }
    }
}
