//! The Lambda function `integration-pause`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_integration::pause::endpoint())
}
