//! The Lambda function `contacts-unsubscribe-show`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_contacts::unsubscribe_show::endpoint())
}
