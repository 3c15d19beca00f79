//! The Lambda function `dispatch-release-batch`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_worker(hub_dispatch::release_batch::worker())
}
