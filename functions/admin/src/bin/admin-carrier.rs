//! The Lambda function `admin-carrier`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_admin::carrier::endpoint()).await
}
