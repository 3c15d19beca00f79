//! The Lambda function `voice-triggers`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_voice::triggers::endpoint())
}
