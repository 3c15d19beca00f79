//! The Lambda function `account-settings-email-templates-update`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_account_settings::email_templates_update::endpoint())
}
