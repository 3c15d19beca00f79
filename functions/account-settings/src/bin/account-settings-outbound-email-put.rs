//! The Lambda function `account-settings-outbound-email-put`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_account_settings::outbound_email_put::endpoint())
}
