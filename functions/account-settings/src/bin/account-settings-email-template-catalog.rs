//! The Lambda function `account-settings-email-template-catalog`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_account_settings::email_template_catalog::endpoint())
}
