//! A record of what each function asks of AWS, for the proof that its role allows that and nothing else.
//!
//! On AWS every function has a role of its own; here all of them share one process, so each runs [`as_function`]. Calls
//! of nobody, such as those of a poller or of a test's own client, are left out.

mod client;
mod function;
mod uses;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use serde::{Deserialize, Serialize};

pub(crate) use self::function::as_function;

use self::client::RecordingClient;

/// Something that IAM decides about: may this function do that?
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Use {
    /// The function's name.
    pub function: String,
    /// The action as policies name it, such as `dynamodb:PutItem`.
    pub action: String,
    /// What it was done to, in this process's names: `table/accounts`, `queue/send-email`, `secret/hub/link-key`.
    pub resource: String,
    /// The kind of the partition keys, as a policy's pattern: `DOMAIN#*`. None where the resource is not a table.
    pub leading_keys: Option<String>,
}

/// A file of everything that was used, each use once. Clones write to the same file.
#[derive(Clone, Debug)]
pub(crate) struct Record(Arc<Mutex<Written>>);

#[derive(Debug)]
struct Written {
    file: File,
    uses: BTreeSet<Use>,
}

impl Record {
    /// A record in a new file of `folder`, beside those of other hubs.
    pub(super) fn within(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let file = File::create_new(folder.join(format!("{}.jsonl", uuid::Uuid::new_v4())))?;
        Ok(Self(Arc::new(Mutex::new(Written { file, uses: BTreeSet::new() }))))
    }

    /// `client`, with what functions ask through it recorded.
    pub(crate) fn of(&self, client: SharedHttpClient) -> SharedHttpClient {
        SharedHttpClient::new(RecordingClient::new(client, self.clone()))
    }

    /// Whatever the answer will be: IAM is asked before the service is.
    fn note(&self, request: &HttpRequest) -> io::Result<()> {
        let Some(function) = function::at_work() else { return Ok(()) };
        uses::of(function, request).into_iter().try_for_each(|one| self.write(one))
    }

    /// Each line is there at once: a test may be about the end of the process.
    fn write(&self, one: Use) -> io::Result<()> {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if written.uses.contains(&one) {
            return Ok(());
        }
        let line = serde_json::to_string(&one)? + "\n";
        written.file.write_all(line.as_bytes())?;
        written.uses.insert(one);
        Ok(())
    }
}

/// All that was used, by the records in `folder`.
///
/// # Errors
/// When a record cannot be read.
pub fn recorded_uses(folder: &Path) -> io::Result<BTreeSet<Use>> {
    let mut uses = BTreeSet::new();
    for entry in std::fs::read_dir(folder)? {
        for line in std::fs::read_to_string(entry?.path())?.lines() {
            uses.insert(serde_json::from_str(line)?);
        }
    }
    Ok(uses)
}
