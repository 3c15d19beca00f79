//! The Lambda function `calls-list`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_calls::list::endpoint())
}
