//! The Lambda function `voice-email-templates`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_voice::email_templates::endpoint())
}
