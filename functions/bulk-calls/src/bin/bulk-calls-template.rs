//! The Lambda function `bulk-calls-template`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_bulk_calls::template::endpoint())
}
