//! The Lambda function `account-settings-calendar`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_account_settings::calendar::endpoint())
}
