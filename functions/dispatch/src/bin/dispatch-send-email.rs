//! The Lambda function `dispatch-send-email`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_worker(hub_dispatch::send_email::worker()).await
}
