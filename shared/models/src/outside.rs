//! Addresses that the hub is told: those outside of it that tenants choose, of webhooks and of logos, and its own.

use url::{Host, Url};

/// Which addresses may be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlPolicy {
    /// `https` only.
    Https,
    /// Also `http` to this machine, for trying things out on one machine.
    AllowLoopback,
}

/// An address that the hub does not call.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// It cannot be read.
    #[error("must be a URL with a host, such as https://example.com/path.")]
    Unreadable,
    /// It is not encrypted.
    #[error("must begin with https://.")]
    NotHttps,
    /// It carries a user or a password.
    #[error("must not carry a user name or a password.")]
    Credentials,
    /// It is longer than any address is.
    #[error("must have at most 2000 characters.")]
    TooLong,
}

/// Reads an address that the policy allows: https, with a host, without credentials.
pub(crate) fn parse(raw: &str, policy: UrlPolicy) -> Result<Url, UrlError> {
    if raw.len() > 2_000 {
        return Err(UrlError::TooLong);
    }
    let url = Url::parse(raw.trim()).map_err(|_| UrlError::Unreadable)?;
    let host = url.host().ok_or(UrlError::Unreadable)?;
    let local = policy == UrlPolicy::AllowLoopback && url.scheme() == "http" && is_loopback(&host);
    if url.scheme() != "https" && !local {
        return Err(UrlError::NotHttps);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UrlError::Credentials);
    }
    Ok(url)
}

/// What is not the address of a hub.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be an http or https address without user, query and fragment, such as https://hub.example.com")]
pub struct PublicUrlError;

/// Reads the address at which a hub is reached from outside, to which paths are added. It may have a path.
///
/// # Errors
/// When it is not http or https, or has a user, a query or a fragment.
pub fn public_url(raw: &str) -> Result<Url, PublicUrlError> {
    let url = Url::parse(raw.trim()).map_err(|_| PublicUrlError)?;
    let plain =
        url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    // An address of these schemes always has a host.
    if plain && matches!(url.scheme(), "http" | "https") { Ok(url) } else { Err(PublicUrlError) }
}

/// The address of a path below the hub's own, whether or not the path begins with a slash.
#[must_use]
pub fn below(public_url: &Url, path: &str) -> Url {
    let mut url = public_url.clone();
    url.set_path(&format!("{}/{}", public_url.path().trim_end_matches('/'), path.trim_start_matches('/')));
    url
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_https_unless_loopback_is_allowed() {
        assert!(parse("https://example.com/hook", UrlPolicy::Https).is_ok());
        assert_eq!(parse("http://example.com", UrlPolicy::AllowLoopback), Err(UrlError::NotHttps));
        assert_eq!(parse("http://127.0.0.1:9/x", UrlPolicy::Https), Err(UrlError::NotHttps));
        assert!(parse("http://127.0.0.1:9/x", UrlPolicy::AllowLoopback).is_ok());
        assert_eq!(parse("https://a:b@example.com", UrlPolicy::Https), Err(UrlError::Credentials));
        assert_eq!(parse("file:///etc/passwd", UrlPolicy::Https), Err(UrlError::Unreadable));
        let long = format!("https://example.com/{}", "x".repeat(2_000));
        assert_eq!(parse(&long, UrlPolicy::Https), Err(UrlError::TooLong));
    }

    #[test]
    fn a_hub_is_reached_at_an_address_that_paths_can_be_added_to() {
        for good in
            ["https://hub.example.com", "http://127.0.0.1:8787", " https://example.com/hub/ ", "HTTP://[::1]:80"]
        {
            assert!(public_url(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "hub.example.com",
            "hub.example.com:443",
            "//hub.example.com",
            "https://",
            "https:///",
            "ftp://hub.example.com",
            "file:///etc",
            "mailto:hub@example.com",
            "javascript:alert(1)",
            "https://user@hub.example.com",
            "https://:secret@hub.example.com",
            "https://hub.example.com?x",
            "https://hub.example.com/?",
            "https://hub.example.com/#",
        ] {
            assert_eq!(public_url(bad), Err(PublicUrlError), "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_path_can_be_added_to_every_address_of_a_hub(raw in "(https?://)?[a-z:@?#/.]{0,20}") {
            if let Ok(url) = public_url(&raw) {
                let link = below(&url, "x");
                proptest::prop_assert!(link.path().ends_with("/x") && link.host() == url.host());
                proptest::prop_assert_eq!(below(&url, "/x"), link);
            }
        }
    }
}
