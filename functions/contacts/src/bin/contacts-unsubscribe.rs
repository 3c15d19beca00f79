//! The Lambda function `contacts-unsubscribe`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_contacts::unsubscribe::endpoint())
}
