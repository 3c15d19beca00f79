//! The Lambda function `service-unknown`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_router(hub_service::unknown::FUNCTION, hub_service::unknown::router())
}
