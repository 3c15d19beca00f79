//! The Lambda function `contacts-unsubscribe`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_contacts::unsubscribe::endpoint()).await
}
