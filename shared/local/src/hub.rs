//! A local hub: started, running, stopped.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use hub_channels::queue::QueueUrls;
use hub_engagements::{Hub, Settings};
use hub_models::clock::Clock;
use hub_models::domain::DomainName;
use hub_models::schedule::Pace;
use hub_runtime::{Configuration, Error, Sdk, build_hub};
use hub_store::Tables;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::aws::{self, Embedded, OpenError};
use crate::credentials::Credentials;
use crate::in_flight::InFlight;
use crate::journal::OutboxJournal;
use crate::model::Model;
use crate::options::{Options, Waking};
use crate::{bootstrap, contacts, functions, messages, runner};

/// The secret that holds the operator's key.
const OPERATOR_KEY: &str = "hub/operator-key";

/// The secret that holds the key of signed links.
const LINK_KEY: &str = "hub/link-key";

/// The folder of secrets that open the carriers' accounts.
const CARRIERS: &str = "hub/carriers";

/// The configuration set of SES, whose events come to the queue `email-events`.
const CONFIGURATION_SET: &str = "local";

/// How long a stop waits for what is being done.
const LAST_WORK: Duration = Duration::from_secs(10);

/// A hub that could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Its address cannot be had.
    #[error("{address} cannot be listened on; is another hub running? Set HUB_PORT to use another port.")]
    Address {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// Its data cannot be opened.
    #[error("the data folder cannot be opened")]
    Data(#[from] OpenError),
    /// It has a model in no region.
    #[error("HUB_MODEL_ID names a model of Amazon Bedrock, but no region; set AWS_REGION, or HUB_MODEL_URL.")]
    NoRegion,
    /// Its first account or its parts could not be made.
    #[error("the hub could not be set up")]
    Setup(#[source] Error),
}

/// A hub that is running in this process.
pub struct LocalHub {
    /// Where it listens.
    pub address: SocketAddr,
    /// What it is called with.
    pub credentials: Credentials,
    /// Its parts, for tests that look inside.
    pub hub: Arc<Hub>,
    /// The embedded services, for tests that count calls and inject faults.
    pub embedded: Embedded,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl LocalHub {
    /// Starts a hub and returns when it answers.
    ///
    /// # Errors
    /// When its address or its data cannot be had.
    pub async fn start(options: Options, clock: Clock) -> Result<Self, StartError> {
        let listen = options.listen;
        let listener =
            TcpListener::bind(listen).await.map_err(|source| StartError::Address { address: listen, source })?;
        let address = listener.local_addr().map_err(|source| StartError::Address { address: listen, source })?;
        let options = with_links_here(options, address);
        let embedded = Embedded::open_with(&options.data_dir, clock.clone(), services(&options))?;
        let hub = assemble(&embedded, &options, clock).await?;
        let secrets = aws_sdk_secretsmanager::Client::new(&embedded.sdk_config());
        let path = options.data_dir.join("credentials.json");
        let credentials = bootstrap::credentials(&hub, &secrets, &path, format!("http://{address}")).await;
        let credentials = credentials.map_err(StartError::Setup)?;
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let in_flight = InFlight::new();
        match options.waking {
            Waking::Itself => runner::run(&hub, &embedded, &in_flight, &tasks, &stop),
            Waking::ByHand => {}
        }
        let demo = credentials.domain_name.parse().map_err(|error| StartError::Setup(Box::new(error)))?;
        let router = router(&hub, &embedded, demo).layer(from_fn_with_state(in_flight, InFlight::count));
        tasks.spawn(serve(listener, router, stop.clone()));
        Ok(Self { address, credentials, hub, embedded, stop, tasks })
    }

    /// Takes no more requests or messages and waits for what is being done.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        if tokio::time::timeout(LAST_WORK, self.tasks.wait()).await.is_err() {
            tracing::warn!("stopped in the middle of something; the next start goes on with it");
        }
    }
}

/// Links lead to this machine, unless it is reached by another address.
fn with_links_here(options: Options, address: SocketAddr) -> Options {
    let public_url = options.public_url.or_else(|| format!("http://{address}").parse().ok());
    Options { public_url, ..options }
}

fn services(options: &Options) -> aws::Options {
    aws::Options {
        smtp_url: options.smtp_url.clone(),
        sending_quota: options.sending_quota,
        verified_senders: None,
        record: options.record.clone(),
    }
}

async fn assemble(embedded: &Embedded, options: &Options, clock: Clock) -> Result<Arc<Hub>, StartError> {
    let services = embedded.sdk_config();
    let model = match &options.model {
        Some(model) => model.sdk_config(embedded.record()).await.ok_or(StartError::NoRegion)?,
        None => services.clone(),
    };
    let sdk = Sdk { services: &services, model: &model };
    let journal = Arc::new(OutboxJournal(embedded.outbox().clone()));
    let hub = build_hub(sdk, configuration(embedded, options), clock, Some(journal));
    Ok(Arc::new(if embedded.record().is_some() { that_reads_anew(hub) } else { hub }))
}

/// On AWS each function reads for itself. Here one would find what another has read, and its own need of it would go
/// unrecorded.
fn that_reads_anew(hub: Hub) -> Hub {
    Hub { store: hub.store.uncached(), secrets: hub.secrets.uncached(), ..hub }
}

fn configuration(embedded: &Embedded, options: &Options) -> Configuration {
    Configuration {
        tables: Tables { accounts: aws::ACCOUNTS.to_owned(), engagements: aws::ENGAGEMENTS.to_owned() },
        queues: QueueUrls {
            send_email: embedded.queue_url("send-email"),
            send_message: embedded.queue_url("send-message"),
            place_call: embedded.queue_url("place-call"),
            deliver_webhook: embedded.queue_url("deliver-webhook"),
            release_batch: embedded.queue_url("release-batch"),
        },
        configuration_set: Some(CONFIGURATION_SET.to_owned()),
        model_id: options.model.as_ref().map(|model| model.id.clone()),
        twilio_base_url: options.twilio_base_url.clone(),
        settings: Settings {
            pace: pace(options),
            bulk_call_rate_limit: options.bulk_call_rate_limit,
            simulate_carriers: true,
            conversation_silence: options.conversation_silence,
            outside_urls: options.outside_urls,
            operator_key_secret: OPERATOR_KEY.to_owned(),
            link_key_secret: LINK_KEY.to_owned(),
            carrier_secrets: CARRIERS.to_owned(),
            public_url: options.public_url.clone(),
        },
    }
}

/// A model writes within the lease, so with one it is longer.
fn pace(options: &Options) -> Pace {
    match options.model {
        Some(_) => Pace { lease: options.pace.lease.max(Model::LEASE), ..options.pace },
        None => options.pace,
    }
}

fn router(hub: &Arc<Hub>, embedded: &Embedded, demo: DomainName) -> Router {
    let endpoints = functions::endpoints().into_iter().map(functions::at_work).collect();
    hub_web::app(endpoints, Arc::clone(hub))
        .merge(messages::router(embedded.outbox().clone()))
        .merge(contacts::router(Arc::clone(hub), demo))
}

async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) {
    if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await {
        tracing::error!(%error, "the hub does not listen any more");
    }
}
