//! The Lambda function `bookings-slots`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_bookings::slots::endpoint())
}
