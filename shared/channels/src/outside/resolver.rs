//! Resolves host names inside the connector, so that the address that was looked at is the one that is connected to.

use hub_models::outside::UrlPolicy;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;

use super::address::is_allowed;

/// All addresses of a host are ones that the hub does not call. It does not name them: who chose the host must not
/// learn what it resolves to in here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the host is not on the public internet")]
pub(super) struct Blocked;

/// A resolver that leaves out the addresses that the hub does not call.
#[derive(Clone, Copy, Debug)]
pub(super) struct GuardedResolver {
    pub(super) policy: UrlPolicy,
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = self.policy;
        Box::pin(async move {
            // Port 0 stands for the scheme's or the URL's own.
            let found = lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<_> = found.filter(|address| is_allowed(address.ip(), policy)).collect();
            if allowed.is_empty() {
                return Err(Blocked.into());
            }
            let addresses: Addrs = Box::new(allowed.into_iter());
            Ok(addresses)
        })
    }
}
