//! The Lambda function `carriers-twilio-status`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_carriers::twilio_status::endpoint())
}
