//! The Lambda function `bookings-list`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_bookings::list::endpoint()).await
}
