//! The Lambda function `integration-status`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_integration::status::endpoint())
}
