//! The operator's key, which opens `/admin`.

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The key that an operator must present.
pub struct OperatorKey(SecretString);

impl OperatorKey {
    /// The key as it is kept in the secret store.
    #[must_use]
    pub fn new(key: SecretString) -> Self {
        Self(key)
    }

    /// Whether this is the key, in a time that tells nothing of how much of it is right.
    #[must_use]
    pub fn is(&self, presented: &str) -> bool {
        let (own, other) = (Sha256::digest(self.0.expose_secret().as_bytes()), Sha256::digest(presented.as_bytes()));
        // An empty secret was never set and opens nothing.
        !self.0.expose_secret().is_empty() && bool::from(own.ct_eq(&other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_key_itself_opens() {
        let key = OperatorKey::new("correct".into());
        assert!(key.is("correct"));
        assert!(!key.is("correc") && !key.is(""));
        assert!(!OperatorKey::new("".into()).is(""));
    }
}
