//! The Lambda function `integration-resume`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_integration::resume::endpoint())
}
