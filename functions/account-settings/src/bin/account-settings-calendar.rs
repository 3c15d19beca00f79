//! The Lambda function `account-settings-calendar`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_account_settings::calendar::endpoint()).await
}
