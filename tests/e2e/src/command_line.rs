//! The command line of an operator: what is typed after `engagement-hub set-up`, and what is read then.

use std::io::Write;

use aws_config::ConfigLoader;
use aws_sdk_dynamodb::config::Credentials;
use clap::Parser;
use hub_fixture::TestHub;
use hub_operator::{Ended, SetUp, SetUpError};
use wiremock::MockServer;

/// The command line.
#[derive(Parser)]
struct CommandLine {
    #[command(flatten)]
    set_up: SetUp,
}

/// What came of a run.
pub(crate) struct Run {
    pub(crate) ended: Result<Ended, SetUpError>,
    pub(crate) told: String,
}

impl Run {
    /// What was told, of a run that ended like this.
    #[track_caller]
    pub(crate) fn expect(self, expected: Ended) -> String {
        match self.ended {
            Ok(ended) if ended == expected => self.told,
            other => panic!("{other:?} after:\n{}", self.told),
        }
    }

    /// What was wrong, of a run that failed.
    #[track_caller]
    pub(crate) fn expect_error(self) -> String {
        self.ended.map(|ended| panic!("{ended:?} after:\n{}", self.told)).unwrap_err().to_string()
    }
}

/// The arguments for a customer of its own.
pub(crate) const NORTHWIND: [&str; 4] = [
    "--organization=Northwind",
    "--domain=northwind",
    "--email-from=Northwind <hello@northwind.example>",
    "--send-to=you@example.com",
];

/// Runs it with these arguments in the folder of the hub, on a machine without AWS credentials.
pub(crate) async fn set_up(hub: &TestHub, arguments: &[&str]) -> Run {
    // An address where nothing answers: what asks AWS here fails.
    run(hub, arguments, aws("http://127.0.0.1:9")).await
}

/// The same, on a machine whose AWS is the server of a test.
pub(crate) async fn set_up_on(server: &MockServer, hub: &TestHub, arguments: &[&str]) -> Run {
    run(hub, arguments, aws(&server.uri())).await
}

fn aws(endpoint: &str) -> ConfigLoader {
    let credentials = Credentials::new("test", "test", None, None, "test");
    aws_config::from_env().endpoint_url(endpoint).credentials_provider(credentials)
}

async fn run(hub: &TestHub, arguments: &[&str], aws: ConfigLoader) -> Run {
    let folder = format!("--data-dir={}", hub.folder().display());
    let typed = ["set-up", &folder].into_iter().chain(arguments.iter().copied());
    let line = CommandLine::try_parse_from(typed).unwrap_or_else(|error| panic!("{error}"));
    let mut out = Terminal::default();
    let ended = line.set_up.run(aws, &mut out).await;
    Run { ended, told: out.shown(hub) }
}

#[derive(Default)]
struct Terminal(Vec<u8>);

impl Write for Terminal {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Terminal {
    /// What was written, with what differs from run to run made the same.
    fn shown(self, hub: &TestHub) -> String {
        let told = String::from_utf8(self.0).expect("text");
        let told = told.replace(&hub.folder().display().to_string(), ".hub");
        let told = told.replace(&hub.local.address.port().to_string(), "8787");
        ["acc_", "eng_", "key_", "hub_live_"].iter().fold(told, |told, prefix| without_ids(&told, prefix))
    }
}

fn without_ids(told: &str, prefix: &str) -> String {
    let in_an_id = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let mut parts = told.split(prefix);
    let before = parts.next().unwrap_or_default().to_owned();
    parts.fold(before, |told, part| told + prefix + "…" + part.trim_start_matches(in_an_id))
}
