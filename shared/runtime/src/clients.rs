//! The hub over a set of AWS clients, built once for each execution environment.

use std::sync::Arc;

use aws_config::SdkConfig;
use hub_channels::converser::Converser;
use hub_channels::logo::LogoFetcher;
use hub_channels::queue::Queues;
use hub_channels::secrets::Secrets;
use hub_channels::ses::Mailer;
use hub_channels::simulator::{Journal, Simulator};
use hub_channels::twilio::Twilio;
use hub_channels::webhook::WebhookClient;
use hub_channels::writer::Writer;
use hub_engagements::{Hub, Pacer};
use hub_models::clock::Clock;
use hub_store::Store;

use crate::Error;
use crate::configuration::Configuration;

/// The configurations of the SDK by which a hub talks to AWS, or to what stands in for it.
#[derive(Clone, Copy, Debug)]
pub struct Sdk<'a> {
    /// For the tables, the queues, the mail and the secrets.
    pub services: &'a SdkConfig,
    /// For the model, which may be elsewhere.
    pub model: &'a SdkConfig,
}

/// The hub that talks to AWS, or to what stands in for it, through these configurations of the SDK.
pub fn build_hub(sdk: Sdk<'_>, configuration: Configuration, clock: Clock, journal: Option<Arc<dyn Journal>>) -> Hub {
    let Configuration { tables, queues, configuration_set, model_id, twilio_base_url, settings } = configuration;
    let (writer, converser) = match model_id {
        Some(model_id) => {
            let client = aws_sdk_bedrockruntime::Client::new(sdk.model);
            let writer = Writer::Bedrock { client: client.clone(), model_id: model_id.clone() };
            (writer, Converser::Bedrock { client, model_id })
        }
        None => (Writer::Plain, Converser::Keywords),
    };
    let sdk = sdk.services;
    Hub {
        store: Store::new(aws_sdk_dynamodb::Client::new(sdk), tables, clock.clone()),
        queues: Queues::new(aws_sdk_sqs::Client::new(sdk), queues),
        mailer: Mailer::new(aws_sdk_sesv2::Client::new(sdk), configuration_set),
        pacer: Pacer::default(),
        writer,
        converser,
        simulator: Simulator::new(journal),
        twilio: Twilio::new(twilio_base_url),
        webhooks: WebhookClient::new(settings.outside_urls),
        logos: LogoFetcher::new(settings.outside_urls),
        secrets: Secrets::new(aws_sdk_secretsmanager::Client::new(sdk)),
        clock,
        settings,
    }
}

/// The hub of a deployed function.
pub(crate) async fn deployed_hub() -> Result<Arc<Hub>, Error> {
    let configuration = Configuration::from_environment();
    let configuration = configuration.inspect_err(|error| tracing::error!(%error, "not configured"))?;
    let sdk = aws_config::load_from_env().await;
    let sdk = Sdk { services: &sdk, model: &sdk };
    Ok(Arc::new(build_hub(sdk, configuration, Clock::system(), None)))
}
