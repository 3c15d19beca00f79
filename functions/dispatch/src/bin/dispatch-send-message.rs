//! The Lambda function `dispatch-send-message`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_worker(hub_dispatch::send_message::worker())
}
