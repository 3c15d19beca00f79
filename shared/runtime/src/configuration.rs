//! What a hub is told by its environment. README.md has the same as a table.

use hub_channels::queue::QueueUrls;
use hub_engagements::Settings;
use hub_models::schedule::Pace;
use hub_models::webhook::UrlPolicy;
use hub_store::Tables;
use jiff::SignedDuration;

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
    /// Everything the use cases want to know.
    pub settings: Settings,
}

/// A variable that is missing or cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the environment variable {name} {fault}")]
pub struct ConfigurationError {
    name: &'static str,
    fault: &'static str,
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
            },
            configuration_set: optional("HUB_SES_CONFIGURATION_SET"),
            model_id: optional("HUB_MODEL_ID"),
            settings: Settings {
                pace: pace(seconds("HUB_UNCONFIRMED_GRACE_SECONDS", 900)?),
                simulate_carriers: false,
                webhook_urls: UrlPolicy::Https,
                operator_key_secret: optional("HUB_OPERATOR_KEY_SECRET").unwrap_or_default(),
            },
        })
    }
}

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
    optional(name).ok_or(ConfigurationError { name, fault: "is not set" })
}

fn seconds(name: &'static str, default: i64) -> Result<SignedDuration, ConfigurationError> {
    let Some(text) = optional(name) else {
        return Ok(SignedDuration::from_secs(default));
    };
    match text.trim().parse() {
        Ok(seconds @ 1..=86_400) => Ok(SignedDuration::from_secs(seconds)),
        _ => Err(ConfigurationError { name, fault: "must be a number of seconds from 1 to 86400" }),
    }
}
