//! The Lambda function `dispatch-place-call`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_worker(hub_dispatch::place_call::worker()).await
}
