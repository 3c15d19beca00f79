//! Everything that the use cases work with, built once for each process.

use hub_channels::queue::Queues;
use hub_channels::secrets::Secrets;
use hub_channels::ses::Mailer;
use hub_channels::simulator::Simulator;
use hub_channels::webhook::WebhookClient;
use hub_channels::writer::Writer;
use hub_models::channel::Channel;
use hub_models::clock::Clock;
use hub_models::engagement::Engagement;
use hub_models::schedule::Pace;
use hub_models::webhook::UrlPolicy;
use hub_store::Store;

/// The hub's parts.
pub struct Hub {
    /// The tables.
    pub store: Store,
    /// The fast path.
    pub queues: Queues,
    /// Email's way out.
    pub mailer: Mailer,
    /// Who makes a paragraph of a brief.
    pub writer: Writer,
    /// Who takes what must not leave.
    pub simulator: Simulator,
    /// Webhooks' way out.
    pub webhooks: WebhookClient,
    /// Where the operator's key is.
    pub secrets: Secrets,
    /// The time.
    pub clock: Clock,
    /// How this hub is set up.
    pub settings: Settings,
}

/// How a hub is set up.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How it paces what happens later.
    pub pace: Pace,
    /// Whether phone, SMS and WhatsApp go to the simulator outside test mode too.
    pub simulate_carriers: bool,
    /// Which webhook addresses can be set.
    pub webhook_urls: UrlPolicy,
    /// The name of the secret that holds the operator's key.
    pub operator_key_secret: String,
}

impl Hub {
    /// Whether the simulator takes this engagement in place of a provider.
    #[must_use]
    pub fn simulates(&self, engagement: &Engagement) -> bool {
        engagement.test_mode || (engagement.channel != Channel::Email && self.settings.simulate_carriers)
    }
}
