//! The Lambda function `account-settings-email-templates-list`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_account_settings::email_templates_list::endpoint())
}
