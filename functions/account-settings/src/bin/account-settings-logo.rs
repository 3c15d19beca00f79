//! The Lambda function `account-settings-logo`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_account_settings::logo::endpoint()).await
}
