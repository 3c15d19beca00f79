//! The Lambda function `ivr-call`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_ivr::call::endpoint()).await
}
