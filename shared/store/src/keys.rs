//! Every key of both tables.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use hub_models::account::KeyHash;
use hub_models::channel::Channel;
use hub_models::contact::{Contact, PhoneNumber};
use hub_models::domain::DomainName;
use hub_models::id::{AccountId, ApiKeyId, BatchId, BookingId, DeliveryId, DraftId, EngagementId};
use hub_models::moment::Moment;
use hub_models::template::TemplateId;
use hub_models::text::ForeignId;
use hub_models::voice::{CampaignId, KeptKind, ShortId};
use hub_models::workspace::WorkspaceId;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use crate::item::s;
use crate::sending::SendingLine;

/// The key of one item.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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

pub(crate) fn workspace(id: &WorkspaceId) -> Key {
    Key::new(format!("WORKSPACE#{id}"), "WORKSPACE")
}

pub(crate) const ACCOUNT_WORKSPACE: &str = "WORKSPACE#";

/// An account's own note of a workspace, to list workspaces.
pub(crate) fn account_workspace(account: AccountId, id: &WorkspaceId) -> Key {
    Key::new(account_pk(account), format!("{ACCOUNT_WORKSPACE}{id}"))
}

pub(crate) fn domain_pk(name: &DomainName) -> String {
    format!("DOMAIN#{name}")
}

pub(crate) fn domain(name: &DomainName) -> Key {
    Key::new(domain_pk(name), "DOMAIN")
}

/// What a user's emails have in place of the domain's settings.
pub(crate) fn user_email(name: &DomainName, user: &ForeignId) -> Key {
    Key::new(domain_pk(name), format!("EMAIL#{}", scope(Some(user))))
}

pub(crate) fn logo(name: &DomainName, user: Option<&ForeignId>, digest: &str) -> Key {
    Key::new(domain_pk(name), format!("LOGO#{}#{digest}", scope(user)))
}

pub(crate) fn template(name: &DomainName, id: TemplateId) -> Key {
    Key::new(domain_pk(name), format!("TEMPLATE#{id}"))
}

/// Where the names of a scope's templates begin.
pub(crate) fn template_names(user: Option<&ForeignId>) -> String {
    format!("TEMPLATE_NAME#{}#", scope(user))
}

pub(crate) fn template_name(name: &DomainName, user: Option<&ForeignId>, template: &str) -> Key {
    Key::new(domain_pk(name), format!("{}{template}", template_names(user)))
}

/// A user in a key, or nothing for the domain. Users' ids may be long and have any character in them, so it is a digest.
fn scope(user: Option<&ForeignId>) -> String {
    user.map(|user| hex::encode(&Sha256::digest(user.as_str())[..16])).unwrap_or_default()
}

pub(crate) fn booking(name: &DomainName, id: BookingId) -> Key {
    Key::new(domain_pk(name), format!("BOOKING#{id}"))
}

/// Where the bookings of a domain begin in the order of their times.
pub(crate) const BOOKED: &str = "BOOKED#";

/// A booking at its place in the order of times.
pub(crate) fn booked(name: &DomainName, starts_at: Moment, id: BookingId) -> Key {
    Key::new(domain_pk(name), format!("{BOOKED}{starts_at}#{id}"))
}

/// Where the bookings begin that start at this time or later.
pub(crate) fn booked_from(from: Option<Moment>) -> String {
    from.map_or(BOOKED.to_owned(), |from| format!("{BOOKED}{from}"))
}

/// Where the bookings end that start before this time. Those that start at it have their id behind it.
pub(crate) fn booked_to(to: Option<Moment>) -> String {
    to.map_or(format!("{BOOKED}~"), |to| format!("{BOOKED}{to}"))
}

/// What is taken on a UTC day.
pub(crate) fn diary(name: &DomainName, day: Date) -> Key {
    Key::new(domain_pk(name), format!("DIARY#{day}"))
}

/// What a domain keeps for its campaigns, and its notes of these.
pub(crate) fn voice_pk(name: &DomainName) -> String {
    format!("VOICE#{name}")
}

/// Where what is kept of one kind begins.
pub(crate) fn kept_of(kind: KeptKind) -> String {
    format!("{kind}#")
}

pub(crate) fn kept(name: &DomainName, kind: KeptKind, id: ShortId) -> Key {
    Key::new(voice_pk(name), format!("{}{}", kept_of(kind), hex::encode(id.bytes())))
}

pub(crate) const CAMPAIGN_NOTE: &str = "campaigns#";

/// A domain's own note of a campaign, to list campaigns in the order in which they were made.
pub(crate) fn campaign_note(name: &DomainName, created_at: Moment, id: CampaignId) -> Key {
    Key::new(voice_pk(name), format!("{CAMPAIGN_NOTE}{created_at}#{id}"))
}

pub(crate) fn campaign_pk(id: CampaignId) -> String {
    format!("CAMPAIGN#{id}")
}

pub(crate) fn campaign(id: CampaignId) -> Key {
    Key::new(campaign_pk(id), "CAMPAIGN")
}

pub(crate) const ENVELOPES: &str = "ENVELOPES#";

/// Envelopes that were made together, from this number on.
pub(crate) fn envelopes(id: CampaignId, first: u32) -> Key {
    Key::new(campaign_pk(id), format!("{ENVELOPES}{first:06}"))
}

pub(crate) fn calendar(name: &DomainName) -> Key {
    Key::new(domain_pk(name), "CALENDAR")
}

/// A domain's do-not-contact list is kept in sixteen partitions, by the contact's hash: a large list is added to from
/// many hands at once.
pub(crate) const DO_NOT_CONTACT_SHARDS: u8 = 16;

pub(crate) fn do_not_contact_pk(name: &DomainName, shard: u8) -> String {
    format!("DNC#{name}#{shard:x}")
}

pub(crate) fn do_not_contact(name: &DomainName, contact: &Contact) -> Key {
    let sk = contact.key();
    let shard = Sha256::digest(&sk)[0] % DO_NOT_CONTACT_SHARDS;
    Key::new(do_not_contact_pk(name, shard), sk)
}

/// The line in which something waits for its turn.
pub(crate) fn sending_line(line: SendingLine<'_>) -> Key {
    let pk = match line {
        SendingLine::Emails => "SENDING".to_owned(),
        SendingLine::Sender { channel, number } => format!("SENDING#{channel}#{number}"),
    };
    Key::new(pk, "LINE")
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

pub(crate) const HEARD: &str = "HEARD#";

/// What was heard from the contact, by the turn or the message that it was. It lies before META, where polls do not read.
pub(crate) fn heard(id: EngagementId, key: &str) -> Key {
    Key::new(engagement_pk(id), format!("{HEARD}{key}"))
}

/// Whom the messages of a contact belong to.
pub(crate) fn pair(name: &DomainName, channel: Channel, contact: &Contact) -> Key {
    Key::new(format!("TALK#{name}#{channel}#{}", contact.key()), "PAIR")
}

/// That a message which belongs to no conversation was answered.
pub(crate) fn answered(name: &DomainName, channel: Channel, message_id: &str) -> Key {
    Key::new(format!("TALK#{name}#{channel}#{message_id}"), "ANSWERED")
}

pub(crate) const HOOK: &str = "HOOK#";

pub(crate) fn delivery(id: DeliveryId) -> Key {
    Key::new(engagement_pk(id.engagement_id()), format!("{HOOK}{}", id.sequence()))
}

pub(crate) fn batch_pk(id: BatchId) -> String {
    format!("BATCH#{id}")
}

pub(crate) const BATCH: &str = "BATCH";

pub(crate) fn batch(id: BatchId) -> Key {
    Key::new(batch_pk(id), BATCH)
}

/// A batch counts its rows in so many items, so that rows that end at the same time seldom meet in one.
const TALLIES: u32 = 64;

pub(crate) fn tally(id: BatchId, place: u32) -> Key {
    Key::new(batch_pk(id), format!("TALLY#{:02}", place % TALLIES))
}

pub(crate) fn draft(id: DraftId) -> Key {
    Key::new(format!("DRAFT#{id}"), "DRAFT")
}

pub(crate) fn skipped_pk(id: DraftId) -> String {
    format!("SKIPPED#{id}")
}

pub(crate) const SKIPPED: &str = "ROWS#";

/// A part of the rows that a batch has left out.
pub(crate) fn skipped(id: DraftId, part: usize) -> Key {
    Key::new(skipped_pk(id), format!("{SKIPPED}{part:04}"))
}

/// Who was engaged last among those with this contact.
pub(crate) fn contact(name: &DomainName, contact: &Contact) -> Key {
    Key::new(format!("CONTACT#{name}#{}", contact.key()), "ENGAGED")
}

pub(crate) fn agent(name: &DomainName, phone: &PhoneNumber) -> Key {
    Key::new(format!("AGENT#{name}#{phone}"), "AGENT")
}

pub(crate) const WAITING: &str = "WAITING#";

/// That an engagement waits for an agent; those that were accepted first come first.
pub(crate) fn waiting(name: &DomainName, phone: &PhoneNumber, since: Moment, id: EngagementId) -> Key {
    Key { sk: format!("{WAITING}{since}#{id}"), ..agent(name, phone) }
}

/// The due index's partition: one of sixteen, by an identifier's first byte, so that no campaign gathers in one.
pub(crate) fn due_shard(id: &[u8]) -> String {
    format!("{:x}", id.first().unwrap_or(&0) & 0x0f)
}

/// The domain index's partition of a day's engagements.
pub(crate) fn domain_day(name: &DomainName, day: &str) -> String {
    format!("{name}#{day}")
}

/// The domain index's partition of a day's webhook deliveries.
pub(crate) fn deliveries_day(name: &DomainName, day: &str) -> String {
    format!("hooks#{name}#{day}")
}

/// The domain index's partition of a day's batches.
pub(crate) fn batches_day(name: &DomainName, day: &str) -> String {
    format!("batches#{name}#{day}")
}

/// The delivery with this sequence of an engagement.
pub(crate) fn delivery_id(engagement: EngagementId, sequence: &str) -> Option<DeliveryId> {
    let digits = engagement.to_string();
    format!("dlv_{}{sequence}", digits.strip_prefix("eng_")?).parse().ok()
}
