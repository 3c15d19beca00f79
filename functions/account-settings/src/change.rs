//! Changing a domain's settings without undoing another's change, and naming the domain in query or body.

use hub_auth::Caller;
use hub_engagements::{Hub, domain_of};
use hub_models::domain::{Domain, DomainName};
use hub_store::Saved;
use hub_web::{ApiError, Fields, Given, QueryFields};

/// The domain that a request names in its query string, if it is the caller's.
pub(crate) async fn domain_in_query(
    hub: &Hub,
    caller: &Caller,
    query: &mut QueryFields,
) -> Result<DomainName, ApiError> {
    domain_named(hub, caller, query.take("domain_name")).await
}

/// The domain that a request names and nothing else, if it is the caller's.
pub(crate) async fn domain_named(hub: &Hub, caller: &Caller, given: Given<String>) -> Result<DomainName, ApiError> {
    let mut fields = Fields::default();
    let name = domain_name(&mut fields, given);
    let name = fields.finish(name)?;
    domain_of(hub, caller.account_id(), &name).await?;
    Ok(name)
}

/// The name of a domain, read with the other fields of its request.
pub(crate) fn domain_name(fields: &mut Fields, given: Given<String>) -> Option<DomainName> {
    fields.required("domain_name", given, str::parse)
}

/// Reads the settings as they are now, changes them and writes them, again for as long as others are faster. A change
/// that fails changes nothing.
pub(crate) async fn change(
    hub: &Hub,
    name: &DomainName,
    change: impl Fn(Domain) -> Result<Domain, ApiError>,
) -> Result<Domain, ApiError> {
    loop {
        let gone =
            || ApiError::not_found(format!("Domain \"{name}\" was not found on this account; check domain_name."));
        let domain = change(hub.store.domain(name).await?.ok_or_else(gone)?)?;
        if hub.store.save_domain(&domain).await? == Saved::Yes {
            return Ok(domain);
        }
    }
}
