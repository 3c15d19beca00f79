//! The Lambda function `account-settings-send-test-email`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_account_settings::send_test_email::endpoint())
}
