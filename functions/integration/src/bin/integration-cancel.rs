//! The Lambda function `integration-cancel`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_integration::cancel::endpoint())
}
