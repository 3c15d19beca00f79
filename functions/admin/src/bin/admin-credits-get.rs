//! The Lambda function `admin-credits-get`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_admin::credits_get::endpoint()).await
}
