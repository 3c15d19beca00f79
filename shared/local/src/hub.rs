//! A local hub: started, running, stopped.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use hub_channels::queue::QueueUrls;
use hub_engagements::{Hub, Settings};
use hub_models::clock::Clock;
use hub_runtime::{Configuration, Error, build_hub};
use hub_store::Tables;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::aws::{self, Embedded, OpenError};
use crate::credentials::Credentials;
use crate::in_flight::InFlight;
use crate::journal::OutboxJournal;
use crate::options::Options;
use crate::{bootstrap, functions, messages, runner};

/// The secret that holds the operator's key.
const OPERATOR_KEY: &str = "hub/operator-key";

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
        let services = aws::Options { smtp_url: options.smtp_url.clone(), ..aws::Options::default() };
        let embedded = Embedded::open_with(&options.data_dir, clock.clone(), services)?;
        let hub = assemble(&embedded, &options, clock);
        let secrets = aws_sdk_secretsmanager::Client::new(&embedded.sdk_config());
        let path = options.data_dir.join("credentials.json");
        let credentials = bootstrap::credentials(&hub, &secrets, &path, format!("http://{address}")).await;
        let credentials = credentials.map_err(StartError::Setup)?;
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let in_flight = InFlight::new();
        runner::run(&hub, &embedded, &in_flight, &tasks, &stop);
        let router = router(&hub, &embedded).layer(from_fn_with_state(in_flight, InFlight::count));
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

fn assemble(embedded: &Embedded, options: &Options, clock: Clock) -> Arc<Hub> {
    let configuration = Configuration {
        tables: Tables { accounts: aws::ACCOUNTS.to_owned(), engagements: aws::ENGAGEMENTS.to_owned() },
        queues: QueueUrls {
            send_email: embedded.queue_url("send-email"),
            send_message: embedded.queue_url("send-message"),
            place_call: embedded.queue_url("place-call"),
            deliver_webhook: embedded.queue_url("deliver-webhook"),
        },
        configuration_set: None,
        model_id: None,
        settings: Settings {
            pace: options.pace,
            simulate_carriers: true,
            webhook_urls: options.webhook_urls,
            operator_key_secret: OPERATOR_KEY.to_owned(),
        },
    };
    let journal = Arc::new(OutboxJournal(embedded.outbox().clone()));
    Arc::new(build_hub(&embedded.sdk_config(), configuration, clock, Some(journal)))
}

fn router(hub: &Arc<Hub>, embedded: &Embedded) -> Router {
    hub_web::app(functions::endpoints(), Arc::clone(hub)).merge(messages::router(embedded.outbox().clone()))
}

async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) {
    if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await {
        tracing::error!(%error, "the hub does not listen any more");
    }
}
