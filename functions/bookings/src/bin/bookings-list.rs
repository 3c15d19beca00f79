//! The Lambda function `bookings-list`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_bookings::list::endpoint())
}
