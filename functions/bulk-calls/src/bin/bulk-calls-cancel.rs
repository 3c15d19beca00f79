//! The Lambda function `bulk-calls-cancel`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_bulk_calls::cancel::endpoint())
}
