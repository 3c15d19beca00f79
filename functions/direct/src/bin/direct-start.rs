//! The Lambda function `direct-start`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_direct::start::endpoint()).await
}
