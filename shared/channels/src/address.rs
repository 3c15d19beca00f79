//! Email addresses as mail servers take them: hosts of other scripts in their ASCII form.

use hub_models::contact::EmailAddress;
use url::Host;

/// An address in ASCII, by its two parts. Nothing where its host has no ASCII form.
pub(crate) fn ascii(address: &EmailAddress) -> Option<(String, String)> {
    let (local, host) = address.as_str().rsplit_once('@')?;
    match Host::parse(host).ok()? {
        Host::Domain(host) => Some((local.to_owned(), host)),
        Host::Ipv4(_) | Host::Ipv6(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_of_another_script_becomes_ascii() {
        let address = "info@münchen.example".parse().unwrap();
        let parts = ascii(&address).unwrap();
        assert_eq!(parts, ("info".to_owned(), "xn--mnchen-3ya.example".to_owned()));
    }
}
