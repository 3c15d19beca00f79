//! The Lambda function `carriers-twilio-message`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_carriers::twilio_message::endpoint())
}
