//! The Lambda function `voice-activities`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_voice::activities::endpoint())
}
