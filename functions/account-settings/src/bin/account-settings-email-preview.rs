//! The Lambda function `account-settings-email-preview`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_account_settings::email_preview::endpoint())
}
