//! The Lambda function `integration-resume`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_integration::resume::endpoint()).await
}
