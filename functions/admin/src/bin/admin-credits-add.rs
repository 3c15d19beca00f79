//! The Lambda function `admin-credits-add`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_admin::credits_add::endpoint())
}
