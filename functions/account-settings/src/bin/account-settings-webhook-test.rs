//! The Lambda function `account-settings-webhook-test`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_account_settings::webhook_test::endpoint())
}
