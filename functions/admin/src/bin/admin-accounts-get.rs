//! The Lambda function `admin-accounts-get`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_admin::accounts_get::endpoint())
}
