//! The Lambda function `integration-start`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_integration::start::endpoint()).await
}
