//! Basic authorization (RFC 7617).

use std::fmt;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Some clients leave the padding out.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Who calls by which password. The password is not printed.
pub struct BasicCredentials {
    /// What stands before the colon.
    pub user: String,
    /// What stands behind it.
    pub password: String,
}

impl fmt::Debug for BasicCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BasicCredentials").field("user", &self.user).finish_non_exhaustive()
    }
}

/// The credentials of an `Authorization: Basic …` header.
#[must_use]
pub fn basic(header: &str) -> Option<BasicCredentials> {
    let (scheme, encoded) = header.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(LENIENT.decode(encoded.trim()).ok()?).ok()?;
    let (user, password) = decoded.split_once(':')?;
    Some(BasicCredentials { user: user.to_owned(), password: password.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_and_password_are_apart_at_the_first_colon() {
        for header in ["Basic a2V5OnNlY3JldDp4", "basic  a2V5OnNlY3JldDp4 "] {
            let read = basic(header).unwrap();
            assert_eq!((read.user.as_str(), read.password.as_str()), ("key", "secret:x"));
        }
        assert_eq!(basic("Basic YTpi").unwrap().password, "b");
        assert_eq!(format!("{:?}", basic("Basic YTpi").unwrap()), "BasicCredentials { user: \"a\", .. }");
    }

    #[test]
    fn what_is_no_basic_authorization_is_none() {
        for bad in ["", "Basic", "Basic !", "Bearer YTpi", "Basic YQ==", "Basic SDcyTFk0clFIU1hUYUIzR2Z"] {
            assert!(basic(bad).is_none(), "{bad}");
        }
    }
}
