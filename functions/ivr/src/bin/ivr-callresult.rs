//! The Lambda function `ivr-callresult`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_ivr::callresult::endpoint()).await
}
