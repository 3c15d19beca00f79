//! The Lambda function `voice-engagements`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_voice::engagements::endpoint()).await
}
