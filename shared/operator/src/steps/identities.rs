//! Which identity of SES speaks for an address.

use hub_channels::ses::{Identities, Identity, IdentityError};
use hub_models::contact::EmailAddress;
use url::Host;

/// The narrowest verified identity that speaks for the address: itself, its host, or a domain above.
pub(super) async fn verified(ses: &Identities, address: &EmailAddress) -> Result<Option<Identity>, IdentityError> {
    let host = host(address);
    for name in std::iter::once(address.as_str()).chain(domains(&host)) {
        if let Some(identity) = ses.find(name).await?.filter(|identity| identity.verified) {
            return Ok(Some(identity));
        }
    }
    Ok(None)
}

/// The host of an address as DNS and SES write it, in ASCII.
pub(super) fn host(address: &EmailAddress) -> String {
    Host::parse(address.host()).map_or_else(|_| address.host().to_owned(), |host| host.to_string())
}

/// A host and the domains above it, without the last, which is nobody's own.
fn domains(host: &str) -> impl Iterator<Item = &str> {
    let above = |domain: &str| domain.find('.').map(|dot| dot + 1);
    std::iter::successors(Some(host), move |domain| domain.get(above(domain)?..)).filter(|domain| domain.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_spoken_for_by_itself_and_what_is_above_it() {
        assert_eq!(domains("news.acme.example").collect::<Vec<_>>(), ["news.acme.example", "acme.example"]);
    }

    #[test]
    fn a_host_is_written_as_in_dns() {
        assert_eq!(host(&"hello@Bücher.example".parse().unwrap()), "xn--bcher-kva.example");
    }
}
