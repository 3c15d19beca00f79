//! The hub under load: the release binary, as a process of its own.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::Error;
use crate::connection::{Connection, Request};
use crate::usage::Usage;

/// More than the benchmark can spend.
const CREDITS: u32 = 10_000_000;

/// A hub on an empty folder, which ends and leaves nothing behind when this is dropped.
pub struct RunningHub {
    /// Where it listens.
    pub address: SocketAddr,
    /// How long it took from its start to its first answer.
    pub ready_after: Duration,
    /// The demo domain.
    pub domain_name: String,
    /// The key of the demo account, which has more credits than a benchmark can spend.
    pub api_key: String,
    process: Child,
    folder: TempDir,
}

impl RunningHub {
    /// Starts a hub and returns when it answers.
    ///
    /// # Errors
    /// When it has not been built for release, or does not start.
    pub async fn start() -> Result<Self, Error> {
        Self::start_with(&[]).await
    }

    /// The same, with these environment variables.
    ///
    /// # Errors
    /// When it has not been built for release, or does not start.
    pub async fn start_with(variables: &[(&str, &str)]) -> Result<Self, Error> {
        let folder = TempDir::new()?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let binary = release_binary()?;
        let began = Instant::now();
        let process = Command::new(&binary)
            .env("HUB_PORT", port.to_string())
            .env("HUB_DATA_DIR", folder.path())
            .envs(variables.iter().copied())
            .stdout(Stdio::null())
            .spawn()
            .map_err(|error| format!("{}: {error}; run: cargo build --release", binary.display()))?;
        until_healthy(address).await;
        let ready_after = began.elapsed();
        let credentials: Value = serde_json::from_slice(&std::fs::read(folder.path().join("credentials.json"))?)?;
        let text = |name: &str| credentials[name].as_str().unwrap_or_default().to_owned();
        let credits = serde_json::json!({"amount": CREDITS, "reason": "Benchmark"}).to_string();
        let path = format!("/admin/accounts/{}/credits", text("account_id"));
        let mut connection = Connection::open(address).await?;
        // It answers 201, which the connection takes for a fault; what counts is that the credits are there.
        let _ = connection.call(&Request::post(&path, &text("operator_key"), &credits)).await;
        let (domain_name, api_key) = (text("domain_name"), text("api_key"));
        Ok(Self { address, ready_after, domain_name, api_key, process, folder })
    }

    /// What it has used of the machine.
    #[must_use]
    pub fn usage(&self) -> Usage {
        Usage::of(self.process.id())
    }

    /// The folder of the mails that have left it, a file for each.
    #[must_use]
    pub fn mail_folder(&self) -> PathBuf {
        self.folder.path().join("mail")
    }

    /// Waits until everything that was accepted has ended, so that the next measurement begins with an idle hub.
    ///
    /// # Errors
    /// When it does not come to rest within two minutes.
    pub async fn until_idle(&self) -> Result<(), Error> {
        let mut connection = Connection::open(self.address).await?;
        let path = format!("/integration/engagements?domain_name={}&status=Queued&limit=1", self.domain_name);
        let request = Request::get_as(&path, &self.api_key);
        for _ in 0..600 {
            let page: Value = serde_json::from_slice(&connection.call(&request).await?)?;
            if page["engagements"].as_array().is_some_and(Vec::is_empty) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        Err("the hub does not come to rest".into())
    }
}

impl Drop for RunningHub {
    fn drop(&mut self) {
        // It may have ended by itself, in which case there is nothing to end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Benchmarks lie in a folder below the binaries of their profile.
fn release_binary() -> Result<PathBuf, Error> {
    let benchmark = std::env::current_exe()?;
    let release = benchmark.parent().and_then(Path::parent).ok_or("the benchmark lies in no folder")?;
    Ok(release.join("engagement-hub"))
}

async fn until_healthy(address: SocketAddr) {
    loop {
        if let Ok(mut connection) = Connection::open(address).await
            && connection.call(&Request::get("/health")).await.is_ok()
        {
            return;
        }
        tokio::time::sleep(Duration::from_micros(500)).await;
    }
}
