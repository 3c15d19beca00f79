//! The Lambda function `calls-get`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_calls::get::endpoint()).await
}
