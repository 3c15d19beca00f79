//! An engagement as it is accepted, before anything has happened to it.

use super::{Engagement, HistoryEvent, Outcome, State};
use crate::channel::{Channel, EngagementType};
use crate::contact::{Contact, PhoneNumber};
use crate::domain::{Domain, DomainName};
use crate::id::{AccountId, EngagementId};
use crate::moment::Moment;
use crate::start::Source;
use crate::text::{ForeignId, Name};

/// What there is to know of an engagement when it is accepted. Everything else in it tells what happened since, so an
/// engagement that is begun again is made of this and nothing more.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// Its identifier.
    pub engagement_id: EngagementId,
    /// The owner.
    pub account_id: AccountId,
    /// The tenant.
    pub domain_name: DomainName,
    /// The channel.
    pub channel: Channel,
    /// The purpose.
    pub engagement_type: EngagementType,
    /// The contact.
    pub contact: Contact,
    /// The contact's name.
    pub client_name: Option<Name>,
    /// The agent it may be connected to.
    pub user_phone_number: Option<PhoneNumber>,
    /// Where it comes from.
    pub source: Source,
    /// Whether nothing leaves and nothing is charged.
    pub test_mode: bool,
    /// Credits debited for it.
    pub price: u64,
    /// When it is accepted.
    pub created_at: Moment,
    /// The request it is made from, as a hash.
    pub request_hash: String,
}

impl From<Accepted> for Engagement {
    /// The engagement, queued for its first attempt.
    fn from(accepted: Accepted) -> Self {
        Self {
            engagement_id: accepted.engagement_id,
            account_id: accepted.account_id,
            domain_name: accepted.domain_name,
            version: 1,
            state: State::Queued,
            wish: None,
            channel: accepted.channel,
            engagement_type: accepted.engagement_type,
            contact: accepted.contact,
            client_name: accepted.client_name,
            user_phone_number: accepted.user_phone_number,
            source: accepted.source,
            test_mode: accepted.test_mode,
            price: accepted.price,
            created_at: accepted.created_at,
            scheduled_time: None,
            due_at: None,
            attempt: 1,
            failures: 0,
            claim: None,
            started_at: None,
            completed_at: None,
            outcome: None,
            summary: None,
            call_sid: None,
            provider_id: None,
            history: Vec::new(),
            request_hash: accepted.request_hash,
            batch: None,
            talk: None,
            trigger: None,
            to_hang_up: false,
            content: None,
        }
    }
}

impl Engagement {
    /// An engagement that never was, to show a webhook what it will be sent.
    #[must_use]
    pub fn example(engagement_id: EngagementId, domain: &Domain, now: Moment) -> Self {
        let example = ForeignId::parse("example").ok().flatten();
        let accepted = Accepted {
            engagement_id,
            account_id: domain.account_id,
            domain_name: domain.domain_name.clone(),
            channel: Channel::Email,
            engagement_type: EngagementType::Informational,
            contact: Contact::example(),
            client_name: None,
            user_phone_number: None,
            source: Source { record_id: example.clone(), org_id: example, ..Source::default() },
            test_mode: true,
            price: 0,
            created_at: now,
            request_hash: String::new(),
        };
        let mut engagement = Self {
            state: State::Completed,
            started_at: Some(now),
            completed_at: Some(now),
            outcome: Some(Outcome::Delivered),
            summary: Some("A test of this webhook.".to_owned()),
            ..accepted.into()
        };
        engagement.note(HistoryEvent::Ended, now, None);
        engagement
    }
}
