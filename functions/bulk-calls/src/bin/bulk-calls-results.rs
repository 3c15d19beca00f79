//! The Lambda function `bulk-calls-results`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_bulk_calls::results::endpoint()).await
}
