//! The Lambda function `dispatch-deliver-webhook`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_worker(hub_dispatch::deliver_webhook::worker())
}
