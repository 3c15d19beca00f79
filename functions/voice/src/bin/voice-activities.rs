//! The Lambda function `voice-activities`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_voice::activities::endpoint()).await
}
