//! The Lambda function `admin-carrier`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_admin::carrier::endpoint())
}
