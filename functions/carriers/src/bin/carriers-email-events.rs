//! The Lambda function `carriers-email-events`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_worker(hub_carriers::email_events::worker()).await
}
