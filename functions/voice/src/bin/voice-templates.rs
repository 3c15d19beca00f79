//! The Lambda function `voice-templates`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_voice::voice_templates::endpoint())
}
