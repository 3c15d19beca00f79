//! `credentials.json`: what a script or a person needs to call a local hub.

use std::io::Write;
use std::path::Path;

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
        let new = path.with_extension("json.new");
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&new)?;
        file.write_all(serde_json::to_string_pretty(self)?.as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        std::fs::rename(new, path)
    }
}
