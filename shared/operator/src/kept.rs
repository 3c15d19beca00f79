//! What earlier runs made, as far as the hub does not tell it again: an account without a domain, the API key, and
//! which engagement is the first email.

use std::io;
use std::path::{Path, PathBuf};

use hub_models::contact::EmailAddress;
use hub_models::domain::DomainName;
use hub_models::id::{AccountId, ApiKeyId, EngagementId};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};
use url::Url;

use crate::private_file;

/// What is kept of one domain of one hub, in a file with the names of `credentials.json`.
pub(crate) struct Kept {
    file: PathBuf,
    pub(crate) made: Made,
}

/// What was made.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Made {
    base_url: String,
    domain_name: Option<DomainName>,
    pub(crate) account_id: Option<AccountId>,
    #[serde(flatten)]
    pub(crate) api_key: Option<KeptKey>,
    pub(crate) first_email: Option<FirstEmail>,
}

/// The API key, which the hub shows once.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct KeptKey {
    pub(crate) api_key_id: ApiKeyId,
    #[serde(serialize_with = "exposed")]
    pub(crate) api_key: SecretString,
}

/// The first email to somebody.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct FirstEmail {
    pub(crate) to: EmailAddress,
    /// Counted from 1. One that failed is followed by another.
    pub(crate) attempt: u32,
    pub(crate) engagement_id: EngagementId,
}

/// A file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{file} cannot be used: {source}. It keeps what was made; mend it or move it away")]
pub struct KeptError {
    file: PathBuf,
    source: io::Error,
}

impl Kept {
    /// What is kept in this folder of this domain of the hub at this address.
    pub(crate) fn open(folder: &Path, url: &Url, domain: &DomainName) -> Result<Self, KeptError> {
        let port = url.port().map(|port| format!("_{port}")).unwrap_or_default();
        let host = url.host_str().unwrap_or_default();
        let file = folder.join("set-up").join(format!("{domain}@{host}{port}.json"));
        match read(&file) {
            Ok(made) => {
                let (base_url, domain_name) = (url.as_str().trim_end_matches('/').to_owned(), Some(domain.clone()));
                Ok(Self { file, made: Made { base_url, domain_name, ..made } })
            }
            Err(source) => Err(KeptError { file, source }),
        }
    }

    /// Where it is kept.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// Keeps what was made until now.
    pub(crate) fn save(&self) -> Result<(), KeptError> {
        write(&self.file, &self.made).map_err(|source| KeptError { file: self.file.clone(), source })
    }
}

fn read(file: &Path) -> io::Result<Made> {
    match std::fs::read(file) {
        Ok(json) => Ok(serde_json::from_slice(&json)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Made::default()),
        Err(error) => Err(error),
    }
}

fn write(file: &Path, made: &Made) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let json = serde_json::to_string_pretty(made)? + "\n";
    private_file::replace(file, json.as_bytes())
}

/// The file is the one place where the key is written in full.
fn exposed<S: Serializer>(key: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(key.expose_secret())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(folder: &Path) -> Result<Kept, KeptError> {
        Kept::open(folder, &"http://127.0.0.1:8787".parse().unwrap(), &"acme".parse().unwrap())
    }

    #[test]
    fn what_was_kept_is_read_again() {
        let folder = tempfile::TempDir::new().unwrap();
        let account = AccountId::random();
        let key = KeptKey { api_key_id: ApiKeyId::random(account), api_key: "hub_live_x".into() };
        let email =
            FirstEmail { to: "you@example.com".parse().unwrap(), attempt: 2, engagement_id: EngagementId::random() };
        let mut kept = open(folder.path()).unwrap();
        kept.made.account_id = Some(account);
        kept.save().unwrap();
        assert!(open(folder.path()).unwrap().made.api_key.is_none());
        kept.made.api_key = Some(key);
        kept.made.first_email = Some(email);
        kept.save().unwrap();

        let again = open(folder.path()).unwrap().made;
        assert_eq!(again.account_id, Some(account));
        assert_eq!(again.api_key.unwrap().api_key.expose_secret(), "hub_live_x");
        assert_eq!(again.first_email.unwrap().attempt, 2);
    }

    #[test]
    fn a_file_that_is_not_understood_is_told_and_not_overwritten() {
        let folder = tempfile::TempDir::new().unwrap();
        let kept = open(folder.path()).unwrap();
        kept.save().unwrap();
        std::fs::write(kept.file(), "{").unwrap();
        let told = open(folder.path()).err().unwrap().to_string();
        assert!(told.contains("acme@127.0.0.1_8787.json cannot be used"), "{told}");
    }
}
