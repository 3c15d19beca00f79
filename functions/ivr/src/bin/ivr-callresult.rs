//! The Lambda function `ivr-callresult`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_ivr::callresult::endpoint())
}
