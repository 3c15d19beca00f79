//! The Lambda function `integration-list`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_integration::list::endpoint())
}
