//! Every function of the hub, as the local process mounts it and as the template must deploy it.

use hub_runtime::{Schedule, Worker};
use hub_web::Endpoint;

use crate::aws::as_function;

/// Every endpoint.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    [
        hub_integration::endpoints(),
        hub_direct::endpoints(),
        hub_calls::endpoints(),
        hub_bulk_calls::endpoints(),
        hub_voice::endpoints(),
        hub_contacts::endpoints(),
        hub_bookings::endpoints(),
        hub_account_settings::endpoints(),
        hub_crm::endpoints(),
        hub_ivr::endpoints(),
        hub_admin::endpoints(),
        hub_carriers::endpoints(),
        hub_service::endpoints(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Every worker of a queue.
#[must_use]
pub fn workers() -> Vec<Worker> {
    [hub_dispatch::workers(), hub_carriers::workers()].concat()
}

/// Every schedule.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    hub_dispatch::schedules()
}

/// The function that answers what is no route. Here the router itself does.
pub const UNKNOWN: &str = hub_service::unknown::FUNCTION;

/// The endpoint, whose calls of AWS are known as its function's.
pub(crate) fn at_work(endpoint: Endpoint) -> Endpoint {
    let function = endpoint.function;
    endpoint.within(move |request, next| as_function(function, next.run(request)))
}
