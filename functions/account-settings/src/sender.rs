//! Whether a domain's emails may be from the sender that its owners want.

use hub_engagements::Hub;
use hub_models::domain::DomainName;
use hub_models::email::Mailbox;
use hub_models::fault::{Faults, FieldFault};
use hub_web::ApiError;

/// Refuses a sender that the operator does not let the domain use, whoever's emails it is for. The domain is read as it is
/// now: what the operator has just allowed can be set at once.
pub(crate) async fn allow_sender(hub: &Hub, name: &DomainName, from: Option<&Mailbox>) -> Result<(), ApiError> {
    let Some(from) = from else { return Ok(()) };
    let Some(domain) = hub.store.domain(name).await? else { return Ok(()) };
    domain.allow_sender(from).map_err(|error| Faults::from(FieldFault::invalid("from", error)).into())
}
