//! The Lambda function `carriers-email-events`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_worker(hub_carriers::email_events::worker())
}
