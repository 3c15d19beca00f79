//! The Lambda function `admin-domains-update`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_admin::domains_update::endpoint())
}
