//! The Lambda function `bookings-create`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_bookings::create::endpoint())
}
