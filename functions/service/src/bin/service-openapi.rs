//! The Lambda function `service-openapi`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_service::openapi::endpoint()).await
}
