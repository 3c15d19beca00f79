//! The Lambda function `dispatch-place-call`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_worker(hub_dispatch::place_call::worker())
}
