//! The Lambda function `bookings-invitation`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_bookings::invitation::endpoint()).await
}
