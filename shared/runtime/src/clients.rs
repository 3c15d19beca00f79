//! The hub over a set of AWS clients, built once for each execution environment.

use std::sync::Arc;

use aws_config::SdkConfig;
use hub_channels::queue::Queues;
use hub_channels::secrets::Secrets;
use hub_channels::ses::Mailer;
use hub_channels::simulator::{Journal, Simulator};
use hub_channels::webhook::WebhookClient;
use hub_channels::writer::Writer;
use hub_engagements::Hub;
use hub_models::clock::Clock;
use hub_store::Store;

use crate::Error;
use crate::configuration::Configuration;

/// The hub that talks to AWS, or to what stands in for it, through this configuration of the SDK.
pub fn build_hub(
    sdk: &SdkConfig,
    configuration: Configuration,
    clock: Clock,
    journal: Option<Arc<dyn Journal>>,
) -> Hub {
    let Configuration { tables, queues, configuration_set, model_id, settings } = configuration;
    let writer = match model_id {
        Some(model_id) => Writer::Bedrock { client: aws_sdk_bedrockruntime::Client::new(sdk), model_id },
        None => Writer::Plain,
    };
    Hub {
        store: Store::new(aws_sdk_dynamodb::Client::new(sdk), tables, clock.clone()),
        queues: Queues::new(aws_sdk_sqs::Client::new(sdk), queues),
        mailer: Mailer::new(aws_sdk_sesv2::Client::new(sdk), configuration_set),
        writer,
        simulator: Simulator::new(journal),
        webhooks: WebhookClient::new(settings.webhook_urls),
        secrets: Secrets::new(aws_sdk_secretsmanager::Client::new(sdk)),
        clock,
        settings,
    }
}

/// The hub of a deployed function.
pub(crate) async fn deployed_hub() -> Result<Arc<Hub>, Error> {
    let configuration = Configuration::from_environment()?;
    let sdk = aws_config::load_from_env().await;
    Ok(Arc::new(build_hub(&sdk, configuration, Clock::system(), None)))
}
