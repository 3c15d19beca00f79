//! The Lambda function `calls-get`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_calls::get::endpoint())
}
