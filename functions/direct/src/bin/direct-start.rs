//! The Lambda function `direct-start`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_direct::start::endpoint())
}
