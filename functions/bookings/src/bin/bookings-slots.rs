//! The Lambda function `bookings-slots`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_bookings::slots::endpoint()).await
}
