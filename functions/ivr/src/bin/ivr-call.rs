//! The Lambda function `ivr-call`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_ivr::call::endpoint())
}
