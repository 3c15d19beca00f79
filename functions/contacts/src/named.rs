//! A contact that a query names.

use hub_models::contact::Contact;
use hub_models::do_not_contact::Scope;
use hub_models::domain::DomainName;
use hub_web::{ApiError, Fields, QueryFields, contact_in_query};

/// A contact of a domain, and the channel that is asked about.
pub(crate) struct Named {
    pub(crate) domain_name: DomainName,
    pub(crate) contact: Contact,
    pub(crate) scope: Option<Scope>,
}

impl Named {
    pub(crate) fn read(mut query: QueryFields) -> Result<Self, ApiError> {
        let mut fields = Fields::default();
        let domain_name = fields.required("domain_name", query.take("domain_name"), str::parse);
        let contact = fields.required("contact", query.take("contact"), contact_in_query);
        let scope = fields.parse("channel", query.take("channel"), str::parse);
        let named = domain_name.zip(contact).map(|(domain_name, contact)| Self { domain_name, contact, scope });
        Ok(fields.finish(named)?)
    }
}
