//! The Lambda function `voice-text-templates`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_voice::text_templates::endpoint())
}
