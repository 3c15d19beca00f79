//! The Lambda function `bookings-create`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_bookings::create::endpoint()).await
}
