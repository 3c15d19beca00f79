//! What the local hub is told by its environment. README.md has the same as a table.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use hub_models::outside::{self, UrlPolicy};
use hub_models::schedule::Pace;
use hub_runtime::{BULK_CALL_RATE_LIMIT, CONVERSATION_SILENCE, TWILIO, silence_hours};
use jiff::SignedDuration;
use url::Url;

use crate::aws::SendingQuota;
use crate::model::{self, Model};

/// Who wakes the functions of a local hub.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waking {
    /// The hub itself, as SQS and EventBridge do on AWS.
    Itself,
    /// A test, which brings each message and each tick by hand.
    ByHand,
}

/// How a local hub is started.
#[derive(Clone, Debug)]
pub struct Options {
    /// `HUB_HOST` and `HUB_PORT`: where it listens.
    pub listen: SocketAddr,
    /// `HUB_DATA_DIR`: where its data is.
    pub data_dir: PathBuf,
    /// `HUB_SMTP_URL`: a mail server that takes every mail besides.
    pub smtp_url: Option<String>,
    /// How much the embedded SES lets the hub send, for tests and measurements; as much as it likes, if there is none.
    pub sending_quota: Option<SendingQuota>,
    /// `HUB_MODEL_ID` and `HUB_MODEL_URL`: the model that writes from instructions; none is the built-in writer.
    pub model: Option<Model>,
    /// `HUB_ALLOW_LOOPBACK_WEBHOOKS`: whether webhooks may go to this machine over http, and logos come from it.
    pub outside_urls: UrlPolicy,
    /// `HUB_PUBLIC_URL`: where the links in emails lead; the address it listens on where none is given.
    pub public_url: Option<Url>,
    /// `HUB_TWILIO_BASE_URL`: where Twilio's API is, for the domains that have it as their carrier.
    pub twilio_base_url: Url,
    /// `HUB_BULK_CALL_RATE_LIMIT`: how many rows a minute a batch releases, where its domain does not say.
    pub bulk_call_rate_limit: u32,
    /// `HUB_CONVERSATION_SILENCE_HOURS`: how long a contact may be silent before its conversation by message ends.
    pub conversation_silence: SignedDuration,
    /// How it paces what happens later.
    pub pace: Pace,
    /// Who wakes the functions that no request does.
    pub waking: Waking,
    /// The folder in which tests have it recorded what each function asks of AWS; nowhere, if there is none.
    pub record: Option<PathBuf>,
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
            sending_quota: None,
            model: None,
            outside_urls: UrlPolicy::Https,
            public_url: None,
            twilio_base_url: twilio(),
            bulk_call_rate_limit: BULK_CALL_RATE_LIMIT,
            conversation_silence: CONVERSATION_SILENCE,
            pace: pace(),
            waking: Waking::Itself,
            record: None,
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
        if let Some(limit) = variable("HUB_BULK_CALL_RATE_LIMIT") {
            options.bulk_call_rate_limit = a_minute(&limit)?;
        }
        if let Some(hours) = variable("HUB_CONVERSATION_SILENCE_HOURS") {
            let wanted = "a number of hours from 1 to 720";
            let error = OptionsError { name: "HUB_CONVERSATION_SILENCE_HOURS", wanted };
            options.conversation_silence = silence_hours(&hours).ok_or(error)?;
        }
        options.smtp_url = variable("HUB_SMTP_URL");
        if let Some(url) = variable(TWILIO_BASE_URL) {
            let wanted = "an http or https address, such as https://api.twilio.com";
            options.twilio_base_url =
                outside::public_url(&url).map_err(|_| OptionsError { name: TWILIO_BASE_URL, wanted })?;
        }
        options.public_url = public_url(variable("HUB_PUBLIC_URL"))?;
        options.model = model(variable("HUB_MODEL_ID"), variable("HUB_MODEL_URL"))?;
        if variable("HUB_ALLOW_LOOPBACK_WEBHOOKS").is_some_and(|value| value == "1" || value == "true") {
            options.outside_urls = UrlPolicy::AllowLoopback;
        }
        Ok(options)
    }
}

const TWILIO_BASE_URL: &str = "HUB_TWILIO_BASE_URL";

#[allow(clippy::expect_used, reason = "it is an address, and a test starts with it")]
fn twilio() -> Url {
    TWILIO.parse().expect("an address")
}

fn a_minute(text: &str) -> Result<u32, OptionsError> {
    let number = text.trim().parse().ok().filter(|number| *number > 0);
    number.ok_or(OptionsError { name: "HUB_BULK_CALL_RATE_LIMIT", wanted: "a number of rows a minute, 1 at least" })
}

fn public_url(text: Option<String>) -> Result<Option<Url>, OptionsError> {
    let wanted = "an http or https address without user, query and fragment, such as https://hub.example.com";
    let url = text.map(|text| outside::public_url(&text)).transpose();
    url.map_err(|_| OptionsError { name: "HUB_PUBLIC_URL", wanted })
}

fn model(id: Option<String>, endpoint: Option<String>) -> Result<Option<Model>, OptionsError> {
    if endpoint.as_deref().is_some_and(|endpoint| !model::is_address(endpoint)) {
        return Err(OptionsError { name: "HUB_MODEL_URL", wanted: "a URL, such as http://localhost:8000" });
    }
    match (id, endpoint) {
        (Some(id), endpoint) => Ok(Some(Model { id, endpoint })),
        (None, Some(_)) => {
            Err(OptionsError { name: "HUB_MODEL_ID", wanted: "the id of a model, if HUB_MODEL_URL is set" })
        }
        (None, None) => Ok(None),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(id: Option<&str>, endpoint: Option<&str>) -> Result<Option<Model>, String> {
        model(id.map(str::to_owned), endpoint.map(str::to_owned)).map_err(|error| error.to_string())
    }

    #[test]
    fn a_model_has_an_id_and_perhaps_an_address() {
        assert_eq!(read(None, None), Ok(None));
        for endpoint in [None, Some("http://localhost:8000")] {
            let expected = Model { id: "m".to_owned(), endpoint: endpoint.map(str::to_owned) };
            assert_eq!(read(Some("m"), endpoint), Ok(Some(expected)));
        }
    }

    #[test]
    fn the_public_address_is_one_that_links_can_be_made_of_or_is_not_given() {
        let read = |text: &str| public_url(Some(text.to_owned())).map_err(|error| error.to_string());
        assert!(public_url(None).is_ok_and(|url| url.is_none()));
        assert_eq!(read("http://localhost:8787"), Ok("http://localhost:8787".parse().ok()));
        for bad in ["localhost:8787", "data:,x", "https://user@hub.example.com", "https://hub.example.com/#top"] {
            let told = read(bad).unwrap_err();
            assert!(
                told.starts_with("the environment variable HUB_PUBLIC_URL must be an http or https address"),
                "{told}"
            );
        }
    }

    #[test]
    fn half_a_model_is_told_with_the_variable_to_mend() {
        let told = read(None, Some("http://localhost:8000")).unwrap_err();
        assert_eq!(told, "the environment variable HUB_MODEL_ID must be the id of a model, if HUB_MODEL_URL is set");
        let told = read(Some("m"), Some("localhost")).unwrap_err();
        assert_eq!(told, "the environment variable HUB_MODEL_URL must be a URL, such as http://localhost:8000");
    }
}
