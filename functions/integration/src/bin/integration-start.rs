//! The Lambda function `integration-start`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_integration::start::endpoint())
}
