//! The Lambda function `account-settings-webhook-put`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_account_settings::webhook_put::endpoint())
}
