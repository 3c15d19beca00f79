//! AWS inside this process: DynamoDB, SQS, SES and Secrets Manager on files in one folder, with no socket.
//!
//! The clients of the AWS SDK are the real ones; only the HTTP client under them is another, which routes by the
//! request's host. It refuses every host that it does not embed, so nothing local can reach a real account.
//!
//! What has been answered is on disk, and survives the end of the process, however it ends.

mod call;
mod connector;
mod disk;
mod dynamodb;
mod faults;
mod messages;
mod meter;
mod outbox;
mod queues;
mod record;
mod secrets;
mod ses;
mod ses_events;
mod ses_quota;
mod ses_requests;
mod smtp;
mod sqs;
mod sqs_requests;
mod tables;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_sqs::config::{Credentials, SharedCredentialsProvider};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use hub_models::clock::Clock;
use tokio::sync::Mutex;

pub use self::call::Service;
pub use self::faults::{Faults, Injected, Kind, Rule};
pub use self::messages::Counts;
pub use self::meter::{Meter, Operation, Snapshot, Tally, Units};
pub use self::outbox::{Filter, Message, NewMessage, Outbox, OutboxError, Recorded};
pub(crate) use self::record::{Record, as_function};
pub use self::record::{Use, recorded_uses};
pub use self::ses_quota::SendingQuota;
pub use self::tables::{ACCOUNTS, ENGAGEMENTS};

use self::connector::{Connector, Services};
use self::disk::Disk;
use self::dynamodb::DynamoDb;
use self::secrets::Secrets;
use self::ses::Ses;
use self::smtp::Relay;
use self::sqs::Sqs;

/// The embedded services could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder could not be made.
    #[error("the folder {path} could not be made")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file of the tables could not be opened.
    #[error("the tables could not be opened: {0}")]
    Tables(String),
    /// The file of the queues and the outbox could not be opened.
    #[error("the queues could not be opened")]
    Queues(#[from] rusqlite::Error),
    /// The SMTP relay has no such address.
    #[error("the SMTP relay's URL cannot be used")]
    Relay(#[from] lettre::transport::smtp::Error),
}

/// An embedded service failed for a reason that is not the caller's.
#[derive(Debug, thiserror::Error)]
#[error("an embedded service failed: {0}")]
pub struct EmbeddedError(String);

/// What may be told to the embedded services. By default every sender is accepted, as
/// often as it likes, and no mail leaves the machine.
#[derive(Clone, Default)]
pub struct Options {
    /// The mail server that takes every mail besides, such as `smtp://localhost:1025`.
    pub smtp_url: Option<String>,
    /// The addresses and domains that SES accepts as senders; all, if there is no list.
    pub verified_senders: Option<Vec<String>>,
    /// How much SES lets the account send; as much as one likes, if there is no quota.
    pub sending_quota: Option<SendingQuota>,
    /// The folder in which it is recorded what each function asks of AWS; nowhere, if there is none.
    pub record: Option<PathBuf>,
}

/// The embedded services. Clones are the same services.
#[derive(Clone, Debug)]
pub struct Embedded {
    services: Arc<Services>,
    outbox: Outbox,
    record: Option<Record>,
}

impl Embedded {
    /// Opens the services on the files in `dir`, which need not exist.
    pub fn open(dir: &Path, clock: Clock) -> Result<Self, OpenError> {
        Self::open_with(dir, clock, Options::default())
    }

    /// The same, with options.
    pub fn open_with(dir: &Path, clock: Clock, options: Options) -> Result<Self, OpenError> {
        let folder = dir.join("mail");
        std::fs::create_dir_all(&folder).map_err(|source| OpenError::Folder { path: folder.clone(), source })?;
        let disk = Disk::open(&dir.join("queues.db"))?;
        let dynamodb = DynamoDb::open(&dir.join("tables.db"), clock.clone())
            .map_err(|error| OpenError::Tables(error.to_string()))?;
        let sqs = Sqs::new(disk.clone(), clock.clone());
        let ses = Ses {
            disk: disk.clone(),
            clock: clock.clone(),
            sqs: sqs.clone(),
            folder,
            verified_senders: options.verified_senders,
            relay: options.smtp_url.as_deref().map(Relay::at).transpose()?,
            quota: options.sending_quota,
            turn: Mutex::default(),
        };
        let secrets = Secrets::at(dir.join("secrets.json"), clock.clone());
        let (faults, meter) = (Faults::default(), Meter::default());
        let services = Services { dynamodb, sqs, ses, secrets, faults, meter };
        let record = options.record.as_deref().map(recorded_in).transpose()?;
        Ok(Self { services: Arc::new(services), outbox: Outbox::new(disk, clock), record })
    }

    /// The HTTP client to put under an AWS SDK client.
    #[must_use]
    pub fn http_client(&self) -> SharedHttpClient {
        let client = SharedHttpClient::new(Connector(Arc::clone(&self.services)));
        match &self.record {
            Some(record) => record.of(client),
            None => client,
        }
    }

    /// Where it is recorded what functions ask of AWS, for calls that are not of these services.
    pub(crate) fn record(&self) -> Option<&Record> {
        self.record.as_ref()
    }

    /// The configuration from which the AWS SDK's clients are made. It reads neither the environment nor a profile.
    #[must_use]
    pub fn sdk_config(&self) -> SdkConfig {
        let credentials = Credentials::new("local", "local", None, None, "embedded");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(self.http_client())
            // A long poll is silent for as long as its queue is empty, which is nothing to give up on.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(20)))
            .build()
    }

    /// The switch for faults.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.services.faults
    }

    /// The count of the calls.
    #[must_use]
    pub fn meter(&self) -> &Meter {
        &self.services.meter
    }

    /// The list of what left the hub.
    #[must_use]
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// The URL of the queue `name`.
    #[must_use]
    pub fn queue_url(&self, name: &str) -> String {
        queues::url(name)
    }

    /// How many messages the queue `name` holds.
    pub fn counts(&self, name: &str) -> Result<Counts, EmbeddedError> {
        self.services.sqs.counts(name).map_err(|failure| EmbeddedError(failure.message().to_owned()))
    }

    /// Deletes the items of the tables whose time to live has passed, and returns how many they were.
    pub async fn sweep_expired(&self) -> Result<usize, EmbeddedError> {
        self.services.dynamodb.sweep_expired().await.map_err(|failure| EmbeddedError(failure.message().to_owned()))
    }
}

fn recorded_in(folder: &Path) -> Result<Record, OpenError> {
    Record::within(folder).map_err(|source| OpenError::Folder { path: folder.to_owned(), source })
}
