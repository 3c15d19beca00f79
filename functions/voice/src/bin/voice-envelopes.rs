//! The Lambda function `voice-envelopes`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_voice::envelopes::endpoint())
}
