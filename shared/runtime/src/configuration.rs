//! What a hub is told by its environment. README.md has the same as a table.

use hub_channels::queue::QueueUrls;
use hub_engagements::Settings;
use hub_models::outside::{UrlPolicy, public_url};
use hub_models::schedule::Pace;
use hub_store::Tables;
use jiff::SignedDuration;
use url::Url;

/// A hub's configuration.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// `HUB_ACCOUNTS_TABLE`, `HUB_ENGAGEMENTS_TABLE`
    pub tables: Tables,
    /// `HUB_SEND_EMAIL_QUEUE_URL` and its siblings.
    pub queues: QueueUrls,
    /// `HUB_SES_CONFIGURATION_SET`: its events are the evidence of what was sent.
    pub configuration_set: Option<String>,
    /// `HUB_MODEL_ID`: the Bedrock model that writes; none is the built-in writer.
    pub model_id: Option<String>,
    /// `HUB_TWILIO_BASE_URL`: where Twilio's API is.
    pub twilio_base_url: Url,
    /// Everything the use cases want to know.
    pub settings: Settings,
}

/// A variable that is missing or cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the environment variable {name} {fault}")]
pub struct ConfigurationError {
    name: &'static str,
    fault: String,
}

impl Configuration {
    /// The configuration of a deployed function. Queues that a function does not use may be left out.
    ///
    /// # Errors
    /// When a table is not named or a number cannot be read.
    pub fn from_environment() -> Result<Self, ConfigurationError> {
        Ok(Self {
            tables: Tables { accounts: needed("HUB_ACCOUNTS_TABLE")?, engagements: needed("HUB_ENGAGEMENTS_TABLE")? },
            queues: QueueUrls {
                send_email: optional("HUB_SEND_EMAIL_QUEUE_URL").unwrap_or_default(),
                send_message: optional("HUB_SEND_MESSAGE_QUEUE_URL").unwrap_or_default(),
                place_call: optional("HUB_PLACE_CALL_QUEUE_URL").unwrap_or_default(),
                deliver_webhook: optional("HUB_DELIVER_WEBHOOK_QUEUE_URL").unwrap_or_default(),
                release_batch: optional("HUB_RELEASE_BATCH_QUEUE_URL").unwrap_or_default(),
            },
            configuration_set: optional("HUB_SES_CONFIGURATION_SET"),
            model_id: optional("HUB_MODEL_ID"),
            twilio_base_url: twilio_base_url()?,
            settings: Settings {
                pace: pace(seconds("HUB_UNCONFIRMED_GRACE_SECONDS", 900)?),
                bulk_call_rate_limit: a_minute("HUB_BULK_CALL_RATE_LIMIT", BULK_CALL_RATE_LIMIT)?,
                simulate_carriers: false,
                conversation_silence: hours("HUB_CONVERSATION_SILENCE_HOURS", CONVERSATION_SILENCE)?,
                outside_urls: UrlPolicy::Https,
                operator_key_secret: optional("HUB_OPERATOR_KEY_SECRET").unwrap_or_default(),
                link_key_secret: optional("HUB_LINK_KEY_SECRET").unwrap_or_default(),
                carrier_secrets: optional("HUB_CARRIER_SECRETS").unwrap_or_default(),
                public_url: address("HUB_PUBLIC_URL", optional("HUB_PUBLIC_URL"))?,
            },
        })
    }
}

/// Where Twilio's API is, unless the configuration says otherwise.
pub const TWILIO: &str = "https://api.twilio.com";

fn twilio_base_url() -> Result<Url, ConfigurationError> {
    const NAME: &str = "HUB_TWILIO_BASE_URL";
    let text = optional(NAME).unwrap_or_else(|| TWILIO.to_owned());
    public_url(&text).map_err(|error| ConfigurationError { name: NAME, fault: error.to_string() })
}

/// How many rows a minute a batch releases, where neither its domain nor the configuration says.
pub const BULK_CALL_RATE_LIMIT: u32 = 600;

/// How long a contact may be silent before its conversation by message ends, where the configuration does not say.
pub const CONVERSATION_SILENCE: SignedDuration = SignedDuration::from_hours(24);

/// The pace of a hub that is woken each minute: the tick must see a minute ahead, and a start that the queue has is
/// none of its business for longer than that.
fn pace(grace: SignedDuration) -> Pace {
    Pace {
        fast_path: SignedDuration::from_secs(180),
        look_ahead: SignedDuration::from_secs(120),
        lease: SignedDuration::from_secs(60),
        grace,
    }
}

fn optional(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

fn needed(name: &'static str) -> Result<String, ConfigurationError> {
    optional(name).ok_or(ConfigurationError { name, fault: "is not set".to_owned() })
}

fn address(name: &'static str, text: Option<String>) -> Result<Option<Url>, ConfigurationError> {
    let url = text.map(|text| public_url(&text)).transpose();
    url.map_err(|error| ConfigurationError { name, fault: error.to_string() })
}

fn seconds(name: &'static str, default: i64) -> Result<SignedDuration, ConfigurationError> {
    let Some(text) = optional(name) else {
        return Ok(SignedDuration::from_secs(default));
    };
    match text.trim().parse() {
        Ok(seconds @ 1..=86_400) => Ok(SignedDuration::from_secs(seconds)),
        _ => Err(ConfigurationError { name, fault: "must be a number of seconds from 1 to 86400".to_owned() }),
    }
}

fn hours(name: &'static str, default: SignedDuration) -> Result<SignedDuration, ConfigurationError> {
    let Some(text) = optional(name) else { return Ok(default) };
    silence_hours(&text).ok_or(ConfigurationError { name, fault: "must be a number of hours from 1 to 720".to_owned() })
}

/// A number of hours that a contact may be silent.
#[must_use]
pub fn silence_hours(text: &str) -> Option<SignedDuration> {
    text.trim().parse().ok().filter(|hours| (1..=720).contains(hours)).map(SignedDuration::from_hours)
}

fn a_minute(name: &'static str, default: u32) -> Result<u32, ConfigurationError> {
    let Some(text) = optional(name) else { return Ok(default) };
    match text.trim().parse() {
        Ok(number @ 1..) => Ok(number),
        _ => Err(ConfigurationError { name, fault: "must be a number of rows a minute, 1 at least".to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: Option<&str>) -> Result<Option<String>, String> {
        let read = address("HUB_PUBLIC_URL", text.map(str::to_owned)).map_err(|error| error.to_string());
        Ok(read?.map(String::from))
    }

    #[test]
    fn the_public_address_is_one_that_links_can_be_made_of_or_is_not_given() {
        assert_eq!(read(None), Ok(None));
        assert_eq!(read(Some("https://hub.example.com/eu")), Ok(Some("https://hub.example.com/eu".to_owned())));
        for bad in ["hub.example.com", "ftp://hub.example.com", "https://hub.example.com/?stage=eu"] {
            let told = read(Some(bad)).unwrap_err();
            assert!(
                told.starts_with("the environment variable HUB_PUBLIC_URL must be an http or https address"),
                "{told}"
            );
        }
    }
}
