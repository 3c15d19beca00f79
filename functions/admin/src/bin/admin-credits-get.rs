//! The Lambda function `admin-credits-get`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_admin::credits_get::endpoint())
}
