//! Links that say of themselves that the hub made them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use hub_models::domain::DomainName;
use hub_models::id::{BookingId, EngagementId};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// How much of the code stands in a link: 128 bits.
const CODE: usize = 16;

/// What an unsubscribe link's code begins with.
const UNSUBSCRIBE: &str = "unsubscribe:";

/// What the code of a link to a booking begins with.
const INVITATION: &str = "invitation:";

/// The key with which links are signed.
pub struct LinkKey(SecretString);

impl LinkKey {
    /// The key as it is kept in the secret store.
    #[must_use]
    pub fn new(key: SecretString) -> Self {
        Self(key)
    }

    /// The token of an engagement's unsubscribe link: it names no contact, and nobody can make one for another.
    #[must_use]
    pub fn unsubscribe_token(&self, id: EngagementId) -> String {
        let code = self.mac(UNSUBSCRIBE, &id.to_string()).finalize().into_bytes();
        format!("{id}.{}", hex::encode(&code[..CODE]))
    }

    /// The engagement that an unsubscribe token was made for, if this hub made it. The comparison takes a time that
    /// tells nothing of how much of the code is right.
    #[must_use]
    pub fn read_unsubscribe_token(&self, token: &str) -> Option<EngagementId> {
        let (id, code) = token.split_once('.')?;
        let id: EngagementId = id.parse().ok()?;
        let code = hex::decode(code).ok().filter(|code| code.len() == CODE)?;
        self.mac(UNSUBSCRIBE, &id.to_string()).verify_truncated_left(&code).ok().map(|()| id)
    }

    /// The token of the link to a booking's calendar file. It is as short as it can be, because it goes out by SMS.
    #[must_use]
    pub fn invitation_token(&self, domain: &DomainName, id: BookingId) -> String {
        let code = self.mac(INVITATION, &invited(domain, id)).finalize().into_bytes();
        format!("{domain}.{}", URL_SAFE_NO_PAD.encode([id.bytes().as_slice(), &code[..CODE]].concat()))
    }

    /// The booking that a token was made for, if this hub made it. The comparison takes a time that tells nothing of how
    /// much of the code is right.
    #[must_use]
    pub fn read_invitation_token(&self, token: &str) -> Option<(DomainName, BookingId)> {
        let (domain, rest) = token.split_once('.')?;
        let (domain, rest) = (domain.parse().ok()?, URL_SAFE_NO_PAD.decode(rest).ok()?);
        let (id, code) = rest.split_first_chunk().filter(|(_, code)| code.len() == CODE)?;
        let id = BookingId::from_bytes(*id);
        self.mac(INVITATION, &invited(&domain, id)).verify_truncated_left(code).ok().map(|()| (domain, id))
    }

    /// The code of what is told. What it is told for is in it, so that a link of one kind is none of another.
    fn mac(&self, purpose: &str, told: &str) -> Hmac<Sha256> {
        // A key of any length becomes one of the right length: its hash, padded as HMAC pads it (RFC 2104).
        let mut key = [0; 64];
        key[..32].copy_from_slice(&Sha256::digest(self.0.expose_secret().as_bytes()));
        let mut mac = Hmac::<Sha256>::new(&key.into());
        mac.update(purpose.as_bytes());
        mac.update(told.as_bytes());
        mac
    }
}

fn invited(domain: &DomainName, id: BookingId) -> String {
    format!("{domain}/{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> LinkKey {
        LinkKey::new(text.to_owned().into())
    }

    #[test]
    fn a_token_is_read_back_by_the_key_that_made_it_and_by_no_other() {
        let id = EngagementId::random();
        let token = key("a").unsubscribe_token(id);
        assert_eq!(key("a").read_unsubscribe_token(&token), Some(id));
        assert_eq!(key("b").read_unsubscribe_token(&token), None);
    }

    #[test]
    fn a_token_that_was_changed_is_none() {
        let (id, other) = (EngagementId::random(), EngagementId::random());
        let token = key("a").unsubscribe_token(id);
        let (_, code) = token.split_once('.').unwrap();
        let cut = &token[..token.len() - 2];
        for bad in ["", "preview", id.to_string().as_str(), cut, &format!("{other}.{code}"), &format!("{token}00")] {
            assert_eq!(key("a").read_unsubscribe_token(bad), None, "{bad}");
        }
    }
    #[test]
    fn a_link_to_a_booking_is_read_back_and_no_other_is() {
        let (acme, other): (DomainName, DomainName) = ("acme".parse().unwrap(), "other".parse().unwrap());
        let id = BookingId::random();
        let token = key("a").invitation_token(&acme, id);
        assert_eq!(key("a").read_invitation_token(&token), Some((acme.clone(), id)));
        assert_eq!(key("b").read_invitation_token(&token), None);
        let (_, rest) = token.split_once('.').unwrap();
        let foreign = key("a").invitation_token(&acme, BookingId::random());
        for bad in ["", "acme", "acme.", &format!("{other}.{rest}"), &token[..token.len() - 2], &format!("{token}AA")] {
            assert_eq!(key("a").read_invitation_token(bad), None, "{bad}");
        }
        assert_ne!(foreign, token);
    }
}
