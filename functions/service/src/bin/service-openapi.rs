//! The Lambda function `service-openapi`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_service::openapi::endpoint())
}
