//! The Lambda function `crm-start-engagement`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_crm::start_engagement::endpoint())
}
