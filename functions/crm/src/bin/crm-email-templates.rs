//! The Lambda function `crm-email-templates`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_crm::email_templates::endpoint())
}
