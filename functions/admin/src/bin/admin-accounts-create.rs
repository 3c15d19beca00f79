//! The Lambda function `admin-accounts-create`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_admin::accounts_create::endpoint())
}
