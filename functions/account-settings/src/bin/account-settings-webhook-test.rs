//! The Lambda function `account-settings-webhook-test`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_account_settings::webhook_test::endpoint()).await
}
