//! `cargo run`: the whole hub on this machine. `cargo run -- set-up`: a customer of a hub, here or on AWS.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use hub_local::{LocalHub, Options, StartError};
use hub_models::clock::Clock;
use hub_operator::{Ended, SetUp};
use tracing_subscriber::EnvFilter;

/// The engagement hub on this machine, until Ctrl-C. The README names the variables that configure it.
#[derive(Parser)]
#[command(name = "engagement-hub")]
struct Program {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    SetUp(Box<SetUp>),
}

#[tokio::main]
async fn main() -> ExitCode {
    let program = Program::parse();
    let filter = EnvFilter::try_from_env("HUB_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match program.command {
        None => ended(run().await),
        Some(Command::SetUp(arguments)) => set_up(&arguments).await,
    }
}

fn ended(run: Result<(), hub_runtime::Error>) -> ExitCode {
    match run {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{}", with_causes(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

/// The exit status that says to a script how far it got; `--help` lists them.
#[allow(clippy::print_stderr, reason = "what went wrong is for the person who has called it")]
async fn set_up(arguments: &SetUp) -> ExitCode {
    match arguments.run(aws_config::from_env(), &mut std::io::stdout()).await {
        Ok(Ended::Done) => ExitCode::SUCCESS,
        Ok(Ended::Waiting) => ExitCode::from(3),
        Err(error) => {
            eprintln!("\nset-up: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), hub_runtime::Error> {
    // Before the hub answers: whoever sees it answer may end it at once, and it must end cleanly.
    let end = End::listen()?;
    let options = Options::from_environment()?;
    let data_dir = options.data_dir.clone();
    let hub = LocalHub::start(options, Clock::system()).await.map_err(|error: StartError| Box::new(error))?;
    greet(&hub, &data_dir);
    end.wait().await;
    hub.stop().await;
    Ok(())
}

#[allow(clippy::print_stdout, reason = "the greeting is what this program has to say")]
fn greet(hub: &LocalHub, data_dir: &std::path::Path) {
    let credentials = &hub.credentials;
    let (url, key, domain) = (&credentials.base_url, &credentials.api_key, &credentials.domain_name);
    println!("The engagement hub listens on {url}");
    println!("  credentials   {}", data_dir.join("credentials.json").display());
    println!("  mail          {}", data_dir.join("mail").display());
    println!("  what left     {url}/_local/messages");
    println!("  the API       {url}/openapi.json");
    println!("\nSend a first email:\n");
    println!(
        "curl -s {url}/integration/start -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' -d \
         '{{\"channel\":\"email\",\"phone_number\":\"customer@example.com\",\"domain_name\":\"{domain}\",\
         \"source_record_id\":\"contact-1\",\"source_org_id\":\"{domain}\",\"client_name\":\"Alex Morgan\",\
         \"email_subject\":\"Hello\",\"email_body_html\":\"<p>Dear {{{{CUSTOMER_NAME}}}}, it works.</p>\"}}'"
    );
}

/// Ctrl-C, or what ends a service.
#[cfg(unix)]
struct End {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl End {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn wait(mut self) {
        tokio::select! { _ = self.interrupt.recv() => {}, _ = self.terminate.recv() => {} }
    }
}

/// Ctrl-C.
#[cfg(windows)]
struct End(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl End {
    fn listen() -> std::io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    async fn wait(mut self) {
        self.0.recv().await;
    }
}

fn with_causes(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
