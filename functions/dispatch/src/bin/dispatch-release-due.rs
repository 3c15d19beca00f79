//! The Lambda function `dispatch-release-due`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_schedule(hub_dispatch::release_due::schedule())
}
