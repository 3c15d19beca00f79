//! The Lambda function `dispatch-send-message`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_worker(hub_dispatch::send_message::worker()).await
}
