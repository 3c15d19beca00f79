//! The Lambda function `service-health`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_service::health::endpoint())
}
