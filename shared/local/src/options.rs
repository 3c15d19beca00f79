//! What the local hub is told by its environment. README.md has the same as a table.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use hub_models::schedule::Pace;
use hub_models::webhook::UrlPolicy;
use jiff::SignedDuration;

/// How a local hub is started.
#[derive(Clone, Debug)]
pub struct Options {
    /// `HUB_HOST` and `HUB_PORT`: where it listens.
    pub listen: SocketAddr,
    /// `HUB_DATA_DIR`: where its data is.
    pub data_dir: PathBuf,
    /// `HUB_SMTP_URL`: a mail server that takes every mail besides.
    pub smtp_url: Option<String>,
    /// `HUB_ALLOW_LOOPBACK_WEBHOOKS`: whether webhooks may go to this machine over http.
    pub webhook_urls: UrlPolicy,
    /// How it paces what happens later.
    pub pace: Pace,
}

/// A variable that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the environment variable {name} must be {wanted}")]
pub struct OptionsError {
    name: &'static str,
    wanted: &'static str,
}

/// The port where none is given.
const PORT: u16 = 8787;

impl Options {
    /// The options for this folder, with all else at its default.
    #[must_use]
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), PORT),
            data_dir: data_dir.into(),
            smtp_url: None,
            webhook_urls: UrlPolicy::Https,
            pace: pace(),
        }
    }

    /// The options of a process.
    ///
    /// # Errors
    /// When a variable cannot be read.
    pub fn from_environment() -> Result<Self, OptionsError> {
        let mut options = Self::new(variable("HUB_DATA_DIR").unwrap_or_else(|| ".hub".to_owned()));
        if let Some(port) = variable("HUB_PORT") {
            let wanted = "a port number";
            options.listen.set_port(port.parse().map_err(|_| OptionsError { name: "HUB_PORT", wanted })?);
        }
        if let Some(host) = variable("HUB_HOST") {
            let wanted = "an IP address, such as 0.0.0.0";
            options.listen.set_ip(host.parse().map_err(|_| OptionsError { name: "HUB_HOST", wanted })?);
        }
        options.smtp_url = variable("HUB_SMTP_URL");
        if variable("HUB_ALLOW_LOOPBACK_WEBHOOKS").is_some_and(|value| value == "1" || value == "true") {
            options.webhook_urls = UrlPolicy::AllowLoopback;
        }
        Ok(options)
    }
}

/// The pace of a hub that ticks each second. A provider is called within the lease, and the grace outlasts the longest
/// call, 15 s, so that no attempt is given up while its answer can still come.
fn pace() -> Pace {
    Pace {
        // The queue is as durable as the tables, so the tick only has to find what a fault kept out of it.
        fast_path: SignedDuration::from_secs(30),
        look_ahead: SignedDuration::from_secs(2),
        lease: SignedDuration::from_secs(5),
        grace: SignedDuration::from_secs(16),
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}
