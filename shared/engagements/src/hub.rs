//! Everything that the use cases work with, built once for each process.

use hub_channels::converser::Converser;
use hub_channels::logo::LogoFetcher;
use hub_channels::queue::Queues;
use hub_channels::secrets::Secrets;
use hub_channels::ses::Mailer;
use hub_channels::simulator::Simulator;
use hub_channels::twilio::Twilio;
use hub_channels::webhook::WebhookClient;
use hub_channels::writer::Writer;
use hub_models::channel::Channel;
use hub_models::clock::Clock;
use hub_models::domain::Domain;
use hub_models::engagement::Engagement;
use hub_models::outside::UrlPolicy;
use hub_models::schedule::Pace;
use hub_store::Store;
use jiff::SignedDuration;
use url::Url;

use crate::email::Pacer;

/// The hub's parts.
pub struct Hub {
    /// The tables.
    pub store: Store,
    /// The fast path.
    pub queues: Queues,
    /// Email's way out.
    pub mailer: Mailer,
    /// When emails may leave.
    pub pacer: Pacer,
    /// Who makes a paragraph of a brief.
    pub writer: Writer,
    /// Who leads the conversations.
    pub converser: Converser,
    /// Who takes what must not leave.
    pub simulator: Simulator,
    /// The way out of calls and messages, where a domain has a carrier.
    pub twilio: Twilio,
    /// Webhooks' way out.
    pub webhooks: WebhookClient,
    /// Logos' way in.
    pub logos: LogoFetcher,
    /// Where the operator's key is, and what opens the carriers' accounts.
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
    /// How many rows a minute a batch releases, where its domain does not say.
    pub bulk_call_rate_limit: u32,
    /// Whether phone, SMS and WhatsApp go to the simulator outside test mode too, where a domain has no carrier.
    pub simulate_carriers: bool,
    /// How long a contact may be silent before its conversation by message ends.
    pub conversation_silence: SignedDuration,
    /// Which addresses outside may be set, for webhooks and logos.
    pub outside_urls: UrlPolicy,
    /// The name of the secret that holds the operator's key.
    pub operator_key_secret: String,
    /// The name of the secret that holds the key of signed links.
    pub link_key_secret: String,
    /// What the names of the secrets begin with that open the carriers' accounts; a domain's name follows.
    pub carrier_secrets: String,
    /// Where the hub is reached from outside; none where only the request that came in knows.
    pub public_url: Option<Url>,
}

impl Hub {
    /// Whether the simulator takes this engagement in place of a provider.
    #[must_use]
    pub fn simulates(&self, engagement: &Engagement, domain: &Domain) -> bool {
        let no_carrier = self.settings.simulate_carriers && domain.carrier.is_none();
        engagement.test_mode || (engagement.channel != Channel::Email && no_carrier)
    }
}
