//! The Lambda function `carriers-twilio-status`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_carriers::twilio_status::endpoint()).await
}
