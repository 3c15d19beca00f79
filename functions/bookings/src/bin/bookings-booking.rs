//! The Lambda function `bookings-booking`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_bookings::booking::endpoint())
}
