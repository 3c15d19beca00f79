//! Every key of both tables.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use hub_models::account::KeyHash;
use hub_models::contact::{Contact, PhoneNumber};
use hub_models::domain::DomainName;
use hub_models::id::{AccountId, ApiKeyId, DeliveryId, EngagementId};
use hub_models::moment::Moment;

use crate::item::s;

/// The key of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

impl Key {
    fn new(pk: String, sk: impl Into<String>) -> Self {
        Self { pk, sk: sk.into() }
    }

    pub(crate) fn attributes(&self) -> HashMap<String, AttributeValue> {
        HashMap::from([("pk".to_owned(), s(&self.pk)), ("sk".to_owned(), s(&self.sk))])
    }
}

pub(crate) fn account_pk(id: AccountId) -> String {
    format!("ACCOUNT#{id}")
}

pub(crate) fn account(id: AccountId) -> Key {
    Key::new(account_pk(id), "ACCOUNT")
}

pub(crate) const CREDIT: &str = "CREDIT#";

pub(crate) fn credit(id: AccountId, sequence: &str) -> Key {
    Key::new(account_pk(id), format!("{CREDIT}{sequence}"))
}

pub(crate) fn api_key(hash: &KeyHash) -> Key {
    Key::new(format!("KEY#{}", hash.as_str()), "KEY")
}

pub(crate) const ACCOUNT_KEY: &str = "KEY#";

/// An account's own note of a key, to list keys and to revoke one by its id.
pub(crate) fn account_key(id: ApiKeyId) -> Key {
    Key::new(account_pk(id.account_id()), format!("{ACCOUNT_KEY}{id}"))
}

pub(crate) const ACCOUNT_DOMAIN: &str = "DOMAIN#";

/// An account's own note of a domain, to list domains.
pub(crate) fn account_domain(id: AccountId, name: &DomainName) -> Key {
    Key::new(account_pk(id), format!("{ACCOUNT_DOMAIN}{name}"))
}

pub(crate) fn domain(name: &DomainName) -> Key {
    Key::new(format!("DOMAIN#{name}"), "DOMAIN")
}

pub(crate) fn booking(name: &DomainName, booking_id: &str) -> Key {
    Key::new(format!("DOMAIN#{name}"), format!("BOOKING#{booking_id}"))
}

pub(crate) fn calendar(name: &DomainName) -> Key {
    Key::new(format!("DOMAIN#{name}"), "CALENDAR")
}

pub(crate) fn do_not_contact(name: &DomainName, contact: &Contact) -> Key {
    Key::new(format!("DNC#{name}#{}", contact.key()), "DNC")
}

pub(crate) fn engagement_pk(id: EngagementId) -> String {
    format!("ENG#{id}")
}

pub(crate) const META: &str = "META";

pub(crate) fn engagement(id: EngagementId) -> Key {
    Key::new(engagement_pk(id), META)
}

pub(crate) const CONTENT: &str = "CONTENT";

pub(crate) fn content(id: EngagementId) -> Key {
    Key::new(engagement_pk(id), CONTENT)
}

pub(crate) const TURN: &str = "TURN#";

pub(crate) fn turn(id: EngagementId, at: Moment, number: usize) -> Key {
    Key::new(engagement_pk(id), format!("{TURN}{at}#{number:03}"))
}

pub(crate) const HOOK: &str = "HOOK#";

pub(crate) fn delivery(id: DeliveryId) -> Key {
    Key::new(engagement_pk(id.engagement_id()), format!("{HOOK}{}", id.sequence()))
}

pub(crate) fn agent(name: &DomainName, phone: &PhoneNumber) -> Key {
    Key::new(format!("AGENT#{name}#{phone}"), "AGENT")
}

/// The due index's partition: one of sixteen, by the engagement's first byte, so that no campaign gathers in one.
pub(crate) fn due_shard(id: EngagementId) -> String {
    format!("{:x}", id.bytes()[0] & 0x0f)
}

/// The domain index's partition of a day's engagements.
pub(crate) fn domain_day(name: &DomainName, day: &str) -> String {
    format!("{name}#{day}")
}

/// The domain index's partition of a day's webhook deliveries.
pub(crate) fn deliveries_day(name: &DomainName, day: &str) -> String {
    format!("hooks#{name}#{day}")
}

/// The delivery with this sequence of an engagement.
pub(crate) fn delivery_id(engagement: EngagementId, sequence: &str) -> Option<DeliveryId> {
    let digits = engagement.to_string();
    format!("dlv_{}{sequence}", digits.strip_prefix("eng_")?).parse().ok()
}
