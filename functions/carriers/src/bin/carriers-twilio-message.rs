//! The Lambda function `carriers-twilio-message`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_carriers::twilio_message::endpoint()).await
}
