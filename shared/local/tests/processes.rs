//! The real program, killed and interrupted.

#![allow(clippy::expect_used, clippy::unwrap_used, missing_docs, reason = "a test that cannot go on must stop")]

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use hub_local::Credentials;
use reqwest::Client;
use serde_json::{Value, json};
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(80);

/// The program.
const PROGRAM: &str = env!("CARGO_BIN_EXE_engagement-hub");

/// The demo account's opening balance. Every engagement costs one credit.
const OPENING: i64 = 10_000;

/// A start on this channel to this contact.
fn start(domain_name: &str, channel: &str, contact: &str) -> Value {
    json!({"channel": channel, "phone_number": contact, "domain_name": domain_name, "source_record_id": "1",
        "source_org_id": "test", "instruction": "Say hello."})
}

/// A hub in a process of its own.
struct Process {
    child: Child,
    credentials: Credentials,
    client: Client,
}

impl Process {
    async fn start(folder: &Path) -> Self {
        let port = free_port();
        let child = Command::new(PROGRAM)
            .env("HUB_PORT", port.to_string())
            .env("HUB_DATA_DIR", folder)
            .env("HUB_LOG", "off")
            .stdout(Stdio::null())
            .spawn()
            .expect("the program starts");
        let client = Client::new();
        until("the hub answers", async || client.get(format!("http://127.0.0.1:{port}/health")).send().await.ok())
            .await;
        let credentials = Credentials::read(&folder.join("credentials.json"));
        let credentials = credentials.expect("credentials can be read").expect("credentials are there");
        Self { child, credentials, client }
    }

    async fn get(&self, path: &str) -> Value {
        let request = self.client.get(format!("{}{path}", self.credentials.base_url));
        let answer = request.bearer_auth(&self.credentials.api_key).send().await.expect("the hub answers");
        assert_eq!(answer.status(), 200);
        serde_json::from_slice(&answer.bytes().await.expect("a body")).expect("JSON")
    }

    async fn balance(&self) -> i64 {
        let path = format!("/admin/accounts/{}/credits", self.credentials.account_id);
        let request = self.client.get(format!("{}{path}", self.credentials.base_url));
        let answer = request.bearer_auth(&self.credentials.operator_key).send().await.expect("the hub answers");
        let body: Value = serde_json::from_slice(&answer.bytes().await.expect("a body")).expect("JSON");
        body["balance"].as_i64().expect("a balance")
    }

    async fn engagements(&self) -> Vec<Value> {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.get(&format!("/integration/engagements?domain_name=acme&limit=100{cursor}")).await;
            found.extend(page["engagements"].as_array().expect("engagements").clone());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return found,
            }
        }
    }

    /// As `kill -9` does it.
    fn kill(mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it has ended");
    }

    /// As Ctrl-C does it.
    async fn interrupt(mut self) -> ExitStatus {
        let interrupted = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        assert!(interrupted.expect("kill runs").success());
        until("the hub has stopped", async || self.child.try_wait().expect("it can be asked")).await
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("it has an address").port()
}

async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Starts engagements one after the other until the hub answers no more; keeps the ids of those it answered.
async fn fire(client: Client, credentials: Credentials, channel: &'static str, accepted: Arc<Accepted>) {
    loop {
        let contact = if channel == "email" { "customer@example.com" } else { "+14165551234" };
        let request = client
            .post(format!("{}/integration/start", credentials.base_url))
            .bearer_auth(&credentials.api_key)
            .header("Content-Type", "application/json")
            .body(start("acme", channel, contact).to_string());
        let Ok(answer) = request.send().await else { return };
        let status = answer.status();
        let Ok(body) = answer.bytes().await else { return };
        assert_eq!(status, 200, "{body:?}");
        let body: Value = serde_json::from_slice(&body).expect("JSON");
        accepted.add(body["engagement_id"].as_str().expect("an id"));
    }
}

/// The engagements that were answered 200.
#[derive(Default)]
struct Accepted {
    ids: Mutex<BTreeSet<String>>,
    count: AtomicU32,
}

impl Accepted {
    fn add(&self, id: &str) {
        assert!(self.ids.lock().expect("no panic").insert(id.to_owned()), "{id} was given twice");
        self.count.fetch_add(1, Ordering::SeqCst);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_is_killed_again_and_again_loses_nothing_and_sends_nothing_twice() {
    let folder = TempDir::new().expect("a folder is made");
    let accepted = Arc::new(Accepted::default());
    for _ in 0..6 {
        let hub = Process::start(folder.path()).await;
        let fired: Vec<_> = ["email", "sms", "phone", "email", "sms", "phone"]
            .into_iter()
            .map(|channel| {
                tokio::spawn(fire(hub.client.clone(), hub.credentials.clone(), channel, Arc::clone(&accepted)))
            })
            .collect();
        let enough = accepted.count.load(Ordering::SeqCst) + rand::random_range(1..60);
        until("enough were accepted", async || (accepted.count.load(Ordering::SeqCst) >= enough).then_some(())).await;
        hub.kill();
        for task in fired {
            task.await.expect("no start was refused");
        }
    }

    let hub = Process::start(folder.path()).await;
    let all = until("every engagement is Completed", async || {
        let all = hub.engagements().await;
        all.iter().all(|one| one["status"] == "Completed").then_some(all)
    })
    .await;

    let completed: BTreeSet<_> =
        all.iter().map(|one| one["engagement_id"].as_str().expect("an id").to_owned()).collect();
    let accepted = accepted.ids.lock().expect("no panic").clone();
    assert!(accepted.is_subset(&completed), "lost: {:?}", accepted.difference(&completed));
    let left = hub.get("/_local/messages?limit=100000").await["messages"].as_array().expect("messages").clone();
    assert!(left.iter().all(|message| message["times_sent"] == 1), "{left:?}");
    let mut left: Vec<_> =
        left.iter().map(|message| message["engagement_id"].as_str().expect("an id").to_owned()).collect();
    left.sort();
    assert_eq!(left, completed.iter().cloned().collect::<Vec<_>>());
    // Some were written and never answered: they were paid for and sent like the others.
    assert_eq!(hub.balance().await, OPENING - i64::try_from(completed.len()).expect("not many"));
    hub.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_c_ends_it_cleanly_and_a_second_start_has_the_same_credentials() {
    let folder = TempDir::new().expect("a folder is made");
    let first = Process::start(folder.path()).await;
    let credentials = first.credentials.clone();
    assert_eq!(first.interrupt().await.code(), Some(0));

    let second = Process::start(folder.path()).await;
    let moved = Credentials { base_url: second.credentials.base_url.clone(), ..credentials };
    assert_eq!(second.credentials, moved);
    assert_eq!(second.balance().await, OPENING);
    assert_eq!(second.get("/integration/engagements?domain_name=acme").await["engagements"], json!([]));
    second.kill();
}

/// The exit status of `engagement-hub set-up` with these arguments besides those for a customer of its own.
fn set_up(folder: &Path, arguments: &[&str]) -> Option<i32> {
    let customer = ["--organization=Globex", "--domain=globex", "--email-from=hello@globex.example"];
    let mut command = Command::new(PROGRAM);
    command.arg("set-up").args(customer).args(arguments).env("HUB_DATA_DIR", folder).env_remove("HUB_OPERATOR_KEY");
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("it runs").code()
}

#[tokio::test(flavor = "multi_thread")]
async fn set_up_says_by_its_exit_status_how_far_it_got() {
    let folder = TempDir::new().expect("a folder is made");
    let to = "--send-to=you@example.com";
    assert_eq!(set_up(folder.path(), &[to]), Some(1), "there is no hub yet");
    let hub = Process::start(folder.path()).await;
    assert_eq!(set_up(folder.path(), &[]), Some(2), "nobody gets the email");
    for _ in 0..2 {
        assert_eq!(set_up(folder.path(), &[to]), Some(0));
    }
    let left = hub.get("/_local/messages?contact=you@example.com").await["messages"].clone();
    assert_eq!(left.as_array().map(Vec::len), Some(1), "{left}");
    hub.kill();
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_secret_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().expect("a folder is made");
    let hub = Process::start(folder.path()).await;
    for file in ["credentials.json", "secrets.json"] {
        let mode = std::fs::metadata(folder.path().join(file)).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    hub.kill();
}
