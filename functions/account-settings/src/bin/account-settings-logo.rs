//! The Lambda function `account-settings-logo`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_account_settings::logo::endpoint())
}
