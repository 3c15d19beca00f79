//! The Lambda function `service-health`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_service::health::endpoint()).await
}
