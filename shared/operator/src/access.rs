//! Which hub is called, with what key, and whether its mail leaves by an SES that can be asked.

use std::path::{Path, PathBuf};

use aws_config::{ConfigLoader, Region, SdkConfig};
use hub_channels::secrets::{Secrets, SecretsError};
use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use crate::arguments::{SecretArn, SetUp};

/// What the operator may do it with.
pub(crate) struct Access {
    /// Where the hub answers.
    pub(crate) url: Url,
    /// What opens `/admin`.
    pub(crate) operator_key: SecretString,
    /// How the hub's own AWS account is called, where the key came from it.
    pub(crate) aws: Option<SdkConfig>,
}

/// Why the hub cannot be called at all.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// There is no hub in this folder, and no other is named.
    #[error(
        "there is no hub in {folder}: start one with `cargo run`, or name another by --url and --operator-key-secret"
    )]
    NoHub {
        /// The data folder.
        folder: PathBuf,
    },
    /// The credentials of the local hub are not what they should be.
    #[error("{file} cannot be read ({reason}); a hub that is started in this folder writes it anew")]
    Credentials {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A hub is named, and no key for it.
    #[error("--url needs the operator key: give --operator-key-secret, or the key itself in HUB_OPERATOR_KEY")]
    NoKey,
    /// The secret cannot be read.
    #[error(
        "{0}. Use AWS credentials that have the right secretsmanager:GetSecretValue, in the environment or in \
         ~/.aws; those of a single sign-on come there by: eval \"$(aws configure export-credentials --format env)\""
    )]
    Secret(#[from] SecretsError),
}

impl Access {
    /// What the arguments give, with the operator key read from where they say.
    pub(crate) async fn of(arguments: &SetUp, aws: ConfigLoader) -> Result<Self, AccessError> {
        match (&arguments.url, &arguments.operator_key_secret, &arguments.operator_key) {
            (Some(url), Some(secret), _) => Self::of_stack(url.clone(), secret, aws).await,
            (Some(url), None, Some(key)) => Ok(Self { url: url.clone(), operator_key: key.clone(), aws: None }),
            (Some(_), None, None) => Err(AccessError::NoKey),
            (None, _, _) => Self::of_folder(&arguments.data_dir),
        }
    }

    async fn of_stack(url: Url, secret: &SecretArn, aws: ConfigLoader) -> Result<Self, AccessError> {
        // Senders are known to SES by region: it is the hub's that counts, not the one that the shell is set to.
        let aws = aws.region(Region::new(secret.region().to_owned())).load().await;
        let secrets = Secrets::new(aws_sdk_secretsmanager::Client::new(&aws));
        Ok(Self { url, operator_key: secrets.get(secret.as_str()).await?, aws: Some(aws) })
    }

    fn of_folder(folder: &Path) -> Result<Self, AccessError> {
        let file = folder.join("credentials.json");
        let json = match std::fs::read(&file) {
            Ok(json) => json,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(AccessError::NoHub { folder: folder.to_owned() });
            }
            Err(error) => return Err(AccessError::Credentials { file, reason: error.to_string() }),
        };
        let found: Result<LocalHub, _> = serde_json::from_slice(&json);
        let LocalHub { base_url, operator_key } =
            found.map_err(|error| AccessError::Credentials { file, reason: error.to_string() })?;
        Ok(Self { url: base_url, operator_key: operator_key.into(), aws: None })
    }
}

/// What `credentials.json` of a local hub says, as far as it matters here.
#[derive(Deserialize)]
struct LocalHub {
    base_url: Url,
    operator_key: String,
}
