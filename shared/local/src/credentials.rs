//! `credentials.json`: what a script or a person needs to call a local hub.

use std::path::Path;

use hub_operator::private_file;
use serde::{Deserialize, Serialize};

/// The contents of `credentials.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// Where the hub listens.
    pub base_url: String,
    /// The demo domain.
    pub domain_name: String,
    /// The demo account.
    pub account_id: String,
    /// A key of the demo account with every permission.
    pub api_key: String,
    /// The key that opens `/admin`.
    pub operator_key: String,
}

impl Credentials {
    /// The credentials of an earlier start, if there was one.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn read(path: &Path) -> std::io::Result<Option<Self>> {
        match std::fs::read(path) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes the file as a whole or not at all, readable by its owner only.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, path: &Path) -> std::io::Result<()> {
        let json = serde_json::to_string_pretty(self)? + "\n";
        private_file::replace(path, json.as_bytes())
    }
}
