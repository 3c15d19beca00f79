//! The Lambda function `admin-workspaces`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_admin::workspaces::endpoint())
}
