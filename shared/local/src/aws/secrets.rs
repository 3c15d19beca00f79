//! Secrets Manager: a JSON file that only its owner can read.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use hub_models::clock::Clock;
use hub_operator::private_file;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::call::{Answer, Call, Failure};

/// The secrets.
pub(super) struct Secrets {
    path: PathBuf,
    clock: Clock,
    /// Held while the file is read or replaced.
    turn: Mutex<()>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").field("path", &self.path).finish_non_exhaustive()
    }
}

#[derive(Clone, Serialize, Deserialize)]
struct Secret {
    #[serde(skip_serializing_if = "Option::is_none")]
    string: Option<String>,
    /// In base64, as it comes and goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    binary: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    version_id: String,
    created_at_ms: i64,
    changed_at_ms: i64,
}

type All = BTreeMap<String, Secret>;

impl Secrets {
    /// The secrets in the file at `path`, which need not exist.
    pub(super) fn at(path: PathBuf, clock: Clock) -> Self {
        Self { path, clock, turn: Mutex::new(()) }
    }

    pub(super) fn answer(&self, call: &Call) -> Result<Answer, Failure> {
        let answer = match call.operation.as_str() {
            "GetSecretValue" => self.get(&call.json()?),
            "DescribeSecret" => self.describe(&call.json()?),
            "CreateSecret" => self.create(call.json()?),
            "PutSecretValue" => self.put(call.json()?),
            "DeleteSecret" => self.delete(&call.json()?),
            _ => Err(call.unknown()),
        };
        Answer::json(&answer?)
    }

    fn get(&self, request: &Named) -> Result<Value, Failure> {
        let _turn = self.turn();
        let all = self.load()?;
        let (name, secret) = found(&all, &request.secret_id)?;
        let mut answer = described(name, secret);
        answer["VersionId"] = json!(secret.version_id);
        answer["VersionStages"] = json!(["AWSCURRENT"]);
        if let Some(string) = &secret.string {
            answer["SecretString"] = json!(string);
        }
        if let Some(binary) = &secret.binary {
            answer["SecretBinary"] = json!(binary);
        }
        Ok(answer)
    }

    fn describe(&self, request: &Named) -> Result<Value, Failure> {
        let _turn = self.turn();
        let all = self.load()?;
        let (name, secret) = found(&all, &request.secret_id)?;
        let mut answer = described(name, secret);
        answer["LastChangedDate"] = json!(seconds(secret.changed_at_ms));
        answer["VersionIdsToStages"] = json!({ (secret.version_id.clone()): ["AWSCURRENT"] });
        if let Some(description) = &secret.description {
            answer["Description"] = json!(description);
        }
        Ok(answer)
    }

    fn create(&self, request: Create) -> Result<Value, Failure> {
        let _turn = self.turn();
        let mut all = self.load()?;
        if all.contains_key(&request.name) {
            let reason = format!("The operation failed because the secret {} already exists.", request.name);
            return Err(Failure::new("ResourceExistsException", reason));
        }
        let now = self.clock.now().as_millisecond();
        let secret = Secret {
            string: request.secret_string,
            binary: request.secret_binary,
            description: request.description,
            version_id: new_version(request.client_request_token),
            created_at_ms: now,
            changed_at_ms: now,
        };
        let answer = json!({ "ARN": arn(&request.name), "Name": request.name, "VersionId": secret.version_id });
        all.insert(request.name, secret);
        self.store(&all)?;
        Ok(answer)
    }

    fn put(&self, request: Put) -> Result<Value, Failure> {
        let _turn = self.turn();
        let mut all = self.load()?;
        let name = found(&all, &request.secret_id)?.0.to_owned();
        let version_id = new_version(request.client_request_token);
        let now = self.clock.now().as_millisecond();
        if let Some(secret) = all.get_mut(&name) {
            secret.string = request.secret_string;
            secret.binary = request.secret_binary;
            secret.version_id = version_id.clone();
            secret.changed_at_ms = now;
        }
        self.store(&all)?;
        Ok(json!({ "ARN": arn(&name), "Name": name, "VersionId": version_id, "VersionStages": ["AWSCURRENT"] }))
    }

    fn delete(&self, request: &Named) -> Result<Value, Failure> {
        let _turn = self.turn();
        let mut all = self.load()?;
        let name = found(&all, &request.secret_id)?.0.to_owned();
        all.remove(&name);
        self.store(&all)?;
        let now = self.clock.now().as_millisecond();
        Ok(json!({ "ARN": arn(&name), "Name": name, "DeletionDate": seconds(now) }))
    }

    fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn load(&self) -> Result<All, Failure> {
        match fs::read(&self.path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| Failure::internal(&error)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(All::new()),
            Err(error) => Err(Failure::internal(&error)),
        }
    }

    fn store(&self, all: &All) -> Result<(), Failure> {
        let json = serde_json::to_vec_pretty(all).map_err(|error| Failure::internal(&error))?;
        private_file::replace(&self.path, &json).map_err(|error| Failure::internal(&error))
    }
}

/// The secret that `id` names, by its name or its ARN.
fn found<'a>(all: &'a All, id: &str) -> Result<(&'a str, &'a Secret), Failure> {
    all.iter()
        .find(|(name, _)| *name == id || arn(name) == id)
        .map(|(name, secret)| (name.as_str(), secret))
        .ok_or_else(|| Failure::new("ResourceNotFoundException", "Secrets Manager can't find the specified secret."))
}

fn described(name: &str, secret: &Secret) -> Value {
    json!({ "ARN": arn(name), "Name": name, "CreatedDate": seconds(secret.created_at_ms) })
}

fn arn(name: &str) -> String {
    format!("arn:aws:secretsmanager:us-east-1:000000000000:secret:{name}-local0")
}

fn new_version(token: Option<String>) -> String {
    token.unwrap_or_else(|| uuid::Uuid::new_v4().to_string())
}

fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Named {
    secret_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Create {
    name: String,
    description: Option<String>,
    secret_string: Option<String>,
    secret_binary: Option<String>,
    client_request_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Put {
    secret_id: String,
    secret_string: Option<String>,
    secret_binary: Option<String>,
    client_request_token: Option<String>,
}
