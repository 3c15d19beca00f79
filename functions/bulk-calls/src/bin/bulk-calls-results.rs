//! The Lambda function `bulk-calls-results`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_bulk_calls::results::endpoint())
}
