//! The one request that every dialect is read into: start an engagement.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::channel::{Channel, EngagementType, Language};
use crate::contact::{Contact, PhoneNumber};
use crate::domain::DomainName;
use crate::email::RequestedEmail;
use crate::moment::Moment;
use crate::scenario::Scenario;
use crate::script::Scripts;
use crate::text::{ForeignId, Instruction, Name};

/// Where an engagement comes from, in the caller's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The record: a contact, a lead, a case.
    #[serde(default, rename = "source_record_id", skip_serializing_if = "Option::is_none")]
    pub record_id: Option<ForeignId>,
    /// The organisation or workspace.
    #[serde(default, rename = "source_org_id", skip_serializing_if = "Option::is_none")]
    pub org_id: Option<ForeignId>,
    /// The product.
    #[serde(default, rename = "source_system", skip_serializing_if = "Option::is_none")]
    pub system: Option<ForeignId>,
    /// The type of the record.
    #[serde(default, rename = "source_object", skip_serializing_if = "Option::is_none")]
    pub object: Option<ForeignId>,
    /// The user who asked for it.
    #[serde(default, rename = "source_user_id", skip_serializing_if = "Option::is_none")]
    pub user_id: Option<ForeignId>,
}

/// What is to be said, by the kind of channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Spoken or written by the hub after a brief.
    Instructed,
    /// An email.
    Email(RequestedEmail),
    /// Said by an IVR project's own scenario, which takes the call once it is answered.
    Scenario(Box<Scenario>),
    /// Spoken word for word, by who answers.
    Scripted(Box<Scripts>),
}

/// A request to engage one contact, with nothing left to be wrong in itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartRequest {
    /// The tenant.
    pub domain_name: DomainName,
    /// The channel.
    pub channel: Channel,
    /// The purpose.
    pub engagement_type: EngagementType,
    /// The contact; it fits the channel.
    pub contact: Contact,
    /// The contact's name.
    pub client_name: Option<Name>,
    /// The brief. Only an email with a body of its own and a call with a scenario have none.
    pub instruction: Option<Instruction>,
    /// What is said.
    pub message: Message,
    /// The language it is said in.
    pub language: Language,
    /// When; none is now.
    pub scheduled_time: Option<Moment>,
    /// The agent that the contact may be connected to.
    pub user_phone_number: Option<PhoneNumber>,
    /// The hub's user whose settings apply.
    pub external_user_id: Option<ForeignId>,
    /// The booking that a confirmation is about.
    pub booking_id: Option<ForeignId>,
    /// Whether nothing leaves and nothing is charged.
    pub test_mode: bool,
    /// Where it comes from.
    pub source: Source,
    /// What the caller wants kept with it.
    pub context: Option<Map<String, Value>>,
}
