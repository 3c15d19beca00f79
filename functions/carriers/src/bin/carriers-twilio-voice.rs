//! The Lambda function `carriers-twilio-voice`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_carriers::twilio_voice::endpoint())
}
