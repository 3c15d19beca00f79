//! The Lambda function `voice-engagements`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_voice::engagements::endpoint())
}
