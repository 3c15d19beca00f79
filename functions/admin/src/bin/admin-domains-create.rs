//! The Lambda function `admin-domains-create`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_admin::domains_create::endpoint())
}
