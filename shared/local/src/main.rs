//! `cargo run`: the whole hub on this machine.

use std::process::ExitCode;

use hub_local::{LocalHub, Options, StartError};
use hub_models::clock::Clock;
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("HUB_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{}", with_causes(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), hub_runtime::Error> {
    let options = Options::from_environment()?;
    let data_dir = options.data_dir.clone();
    let hub = LocalHub::start(options, Clock::system()).await.map_err(|error: StartError| Box::new(error))?;
    greet(&hub, &data_dir);
    wait_for_the_end().await;
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

async fn wait_for_the_end() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        if let Ok(mut terminate) = terminate {
            tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
            return;
        }
    }
    let _ = interrupt.await;
}

fn with_causes(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
