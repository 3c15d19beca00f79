//! Reads secrets from AWS Secrets Manager, keeps each for a few minutes, and changes those that the hub keeps itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_secretsmanager::operation::delete_secret::DeleteSecretError;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use aws_sdk_secretsmanager::operation::put_secret_value::PutSecretValueError;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;

use crate::aws::words;

/// How long a secret is kept. One that is changed is known everywhere after this time.
const KEPT: Duration = Duration::from_secs(5 * 60);

/// How old what is kept must be to be doubted.
const DOUBTED_AFTER: Duration = Duration::from_secs(30);

/// Why a secret cannot be read or changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretsError {
    /// There is none of this id, or it holds no text.
    #[error("there is no secret text under {id}")]
    Missing {
        /// What was asked for.
        id: String,
    },
    /// It could not be read now.
    #[error("the secret {id} cannot be read: {reason}")]
    Unreadable {
        /// What was asked for.
        id: String,
        /// What the service said.
        reason: String,
    },
    /// It could not be changed now.
    #[error("the secret {id} cannot be changed: {reason}")]
    Unwritable {
        /// What was to be changed.
        id: String,
        /// What the service said.
        reason: String,
    },
}

/// A secret and when it was read.
#[derive(Clone, Debug)]
struct Kept {
    secret: SecretString,
    read_at: Instant,
}

/// Reads secrets. Clones share what is kept.
#[derive(Clone, Debug)]
pub struct Secrets {
    client: Client,
    kept: Arc<Mutex<HashMap<String, Kept>>>,
    kept_for: Duration,
}

impl Secrets {
    /// A reader that has read nothing yet.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client, kept: Arc::default(), kept_for: KEPT }
    }

    /// The same reader, which keeps nothing that it has read.
    #[must_use]
    pub fn uncached(self) -> Self {
        Self { kept_for: Duration::ZERO, ..self }
    }

    /// The text of a secret, read at most so many minutes ago.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub async fn get(&self, id: &str) -> Result<SecretString, SecretsError> {
        if let Some(secret) = self.fresh(id) {
            return Ok(secret);
        }
        let secret = self.read(id).await?;
        let kept = Kept { secret: secret.clone(), read_at: Instant::now() };
        self.lock().insert(id.to_owned(), kept);
        Ok(secret)
    }

    /// Writes a secret, new or over what it was.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn set(&self, id: &str, secret: &SecretString) -> Result<(), SecretsError> {
        let text = secret.expose_secret();
        let put = self.client.put_secret_value().secret_id(id).secret_string(text).send().await;
        self.forget(id);
        let error = match put {
            Ok(_) => return Ok(()),
            Err(error) => error,
        };
        if !matches!(error.as_service_error(), Some(PutSecretValueError::ResourceNotFoundException(_))) {
            return Err(unwritable(id, &error));
        }
        let created = self.client.create_secret().name(id).secret_string(text).send().await;
        created.map(drop).map_err(|error| unwritable(id, &error))
    }

    /// Removes a secret, at once and for good. One that is not there is removed already.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub async fn remove(&self, id: &str) -> Result<(), SecretsError> {
        // A name that waits to be removed cannot be used anew.
        let sent = self.client.delete_secret().secret_id(id).force_delete_without_recovery(true).send().await;
        self.forget(id);
        match sent {
            Ok(_) => Ok(()),
            Err(error) if matches!(error.as_service_error(), Some(DeleteSecretError::ResourceNotFoundException(_))) => {
                Ok(())
            }
            Err(error) => Err(unwritable(id, &error)),
        }
    }

    /// Reads a secret anew the next time: what is kept of it has turned out to be wrong.
    pub fn forget(&self, id: &str) {
        self.lock().remove(id);
    }

    /// The same where it was not read just now, and says whether it is read anew: whoever doubts it again and again causes
    /// no more than one call in this time.
    #[must_use]
    pub fn doubt(&self, id: &str) -> bool {
        let mut kept = self.lock();
        let doubtful = kept.get(id).is_some_and(|kept| kept.read_at.elapsed() >= DOUBTED_AFTER);
        if doubtful {
            kept.remove(id);
        }
        doubtful
    }

    fn fresh(&self, id: &str) -> Option<SecretString> {
        let kept = self.lock();
        let found = kept.get(id).filter(|kept| kept.read_at.elapsed() < self.kept_for)?;
        Some(found.secret.clone())
    }

    async fn read(&self, id: &str) -> Result<SecretString, SecretsError> {
        let answer = self.client.get_secret_value().secret_id(id).send().await;
        let answer = answer.map_err(|error| classify(id, &error))?;
        let text = answer.secret_string.ok_or_else(|| missing(id))?;
        Ok(SecretString::from(text))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Kept>> {
        // A panic elsewhere cannot leave a map of whole entries half written.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unwritable<E>(id: &str, error: &SdkError<E>) -> SecretsError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    SecretsError::Unwritable { id: id.to_owned(), reason: words(error) }
}

fn missing(id: &str) -> SecretsError {
    SecretsError::Missing { id: id.to_owned() }
}

fn classify(id: &str, error: &SdkError<GetSecretValueError>) -> SecretsError {
    match error.as_service_error() {
        Some(GetSecretValueError::ResourceNotFoundException(_)) => missing(id),
        _ => SecretsError::Unreadable { id: id.to_owned(), reason: words(error) },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{FakeAws, Says, client};

    fn secret(text: &str) -> Says {
        Says::Answer(200, "", json!({"SecretString": text}))
    }

    #[tokio::test(start_paused = true)]
    async fn a_secret_is_read_again_after_five_minutes() {
        let fake = FakeAws::that_says([secret("old"), secret("new")]);
        let secrets = Secrets::new(client!(aws_sdk_secretsmanager, fake));
        for (passed, text, calls) in [(0, "old", 1), (299, "old", 1), (1, "new", 2)] {
            tokio::time::advance(Duration::from_secs(passed)).await;
            assert_eq!(secrets.get("s").await.unwrap().expose_secret(), text);
            assert_eq!(fake.asked().len(), calls);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_secret_that_is_doubted_is_read_again_once_in_half_a_minute() {
        let fake = FakeAws::that_says([secret("old"), secret("new"), secret("newer")]);
        let secrets = Secrets::new(client!(aws_sdk_secretsmanager, fake));
        assert!(!secrets.doubt("s"), "it was never read");
        for (passed, doubted, text) in [(0, false, "old"), (29, false, "old"), (1, true, "new"), (29, false, "new")] {
            secrets.get("s").await.unwrap();
            tokio::time::advance(Duration::from_secs(passed)).await;
            assert_eq!(secrets.doubt("s"), doubted);
            assert_eq!(secrets.get("s").await.unwrap().expose_secret(), text);
        }
    }

    #[tokio::test]
    async fn a_missing_secret_is_told_from_one_that_cannot_be_read() {
        let refused = |code| Says::Answer(400, code, json!({"Message": "no"}));
        let fake = FakeAws::that_says([refused("ResourceNotFoundException"), refused("AccessDeniedException")]);
        let secrets = Secrets::new(client!(aws_sdk_secretsmanager, fake));
        assert_eq!(secrets.get("s").await.unwrap_err(), missing("s"));
        let unreadable = secrets.get("s").await.unwrap_err();
        assert!(unreadable.to_string().contains("AccessDeniedException: no"), "{unreadable}");
    }
}
