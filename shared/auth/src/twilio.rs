//! The signature by which the hub knows that a callback comes from Twilio.
//!
//! Twilio signs the address that it calls, followed by the names and values of the form in the order of their names, with
//! the account's auth token (HMAC-SHA1).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha1::{Digest, Sha1};

/// The bytes of a block of SHA-1, which is how long a key of its HMAC is.
const BLOCK: usize = 64;

/// Whether the holder of this auth token has called this address with this form. The comparison takes a time that tells
/// nothing of how much of the signature is right.
#[must_use]
pub fn is_signed_by_twilio(token: &SecretString, url: &str, form: &[(String, String)], signature: &str) -> bool {
    // An empty token was never set and signs nothing.
    let Some(signature) = STANDARD.decode(signature).ok().filter(|_| !token.expose_secret().is_empty()) else {
        return false;
    };
    let mut fields: Vec<_> = form.iter().collect();
    fields.sort();
    fields.dedup();
    let mut mac = Hmac::<Sha1>::new(&key(token.expose_secret().as_bytes()).into());
    mac.update(url.as_bytes());
    for (name, value) in fields {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    mac.verify_slice(&signature).is_ok()
}

/// The token as a key of the right length (RFC 2104): padded, or its hash where it is longer.
fn key(token: &[u8]) -> [u8; BLOCK] {
    let hash = Sha1::digest(token);
    let bytes = if token.len() > BLOCK { hash.as_slice() } else { token };
    let mut key = [0; BLOCK];
    key[..bytes.len()].copy_from_slice(bytes);
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";
    /// The example of Twilio's documentation, with the token 12345.
    const SIGNATURE: &str = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";

    fn form() -> Vec<(String, String)> {
        let fields = [
            ("Digits", "1234"),
            ("To", "+18005551212"),
            ("From", "+14158675309"),
            ("Caller", "+14158675309"),
            ("CallSid", "CA1234567890ABCDE"),
        ];
        fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
    }

    #[test]
    fn the_example_of_the_documentation_is_signed() {
        assert!(is_signed_by_twilio(&"12345".into(), URL, &form(), SIGNATURE));
    }

    #[test]
    fn another_token_address_form_or_signature_is_not() {
        let mut changed = form();
        changed[0].1 = "12345".to_owned();
        assert!(!is_signed_by_twilio(&"12346".into(), URL, &form(), SIGNATURE));
        assert!(!is_signed_by_twilio(&"12345".into(), "https://mycompany.com/myapp.php", &form(), SIGNATURE));
        assert!(!is_signed_by_twilio(&"12345".into(), URL, &changed, SIGNATURE));
        for bad in ["", "x", "RSOYDt4T1cUTdK1PDd93/VVr8B9=", "RSOYDt4T1cUTdK1PDd93"] {
            assert!(!is_signed_by_twilio(&"12345".into(), URL, &form(), bad), "{bad}");
        }
        assert!(!is_signed_by_twilio(&"".into(), URL, &form(), SIGNATURE));
    }
}
