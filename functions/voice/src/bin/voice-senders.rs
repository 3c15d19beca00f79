//! The Lambda function `voice-senders`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_voice::senders::endpoint())
}
