//! The Lambda function `dispatch-send-email`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_worker(hub_dispatch::send_email::worker())
}
