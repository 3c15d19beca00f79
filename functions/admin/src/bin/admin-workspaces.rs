//! The Lambda function `admin-workspaces`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_admin::workspaces::endpoint()).await
}
