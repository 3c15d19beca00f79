//! The Lambda function `admin-domains-get`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_admin::domains_get::endpoint())
}
