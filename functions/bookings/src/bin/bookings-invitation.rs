//! The Lambda function `bookings-invitation`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_bookings::invitation::endpoint())
}
