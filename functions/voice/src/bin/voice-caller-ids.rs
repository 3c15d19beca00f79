//! The Lambda function `voice-caller-ids`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_voice::caller_ids::endpoint())
}
