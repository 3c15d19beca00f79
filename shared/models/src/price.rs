//! What a start costs (checklist I7): the domain's price for its channel, for each text message that its opening takes.

use crate::channel::{Channel, EngagementType, Language};
use crate::domain::Domain;
use crate::start::StartRequest;
use crate::talk::{opening, segments};
use crate::text::Instruction;

/// What the price of a start depends on.
#[derive(Clone, Copy, Debug)]
pub struct Costing<'a> {
    /// The channel.
    pub channel: Channel,
    /// The purpose.
    pub engagement_type: EngagementType,
    /// The language of the opening.
    pub language: Language,
    /// The brief.
    pub instruction: Option<&'a Instruction>,
    /// Whether nothing leaves and nothing is charged.
    pub test_mode: bool,
}

impl Costing<'_> {
    /// The credits that the domain's account is debited.
    #[must_use]
    pub fn price(&self, domain: &Domain) -> u64 {
        if self.test_mode { 0 } else { domain.price(self.channel).saturating_mul(self.messages()) }
    }

    /// How many messages its opening takes, as far as is known when it is accepted: times that will be offered in it are
    /// not counted.
    fn messages(&self) -> u64 {
        let told = self.instruction.map_or("", |instruction| instruction.as_str());
        match self.channel {
            Channel::Sms => segments(&opening(told, self.engagement_type, self.language, &[])).count,
            Channel::Phone | Channel::Wmsg | Channel::Wvoice | Channel::Email => 1,
        }
    }
}

impl<'a> From<&'a StartRequest> for Costing<'a> {
    fn from(request: &'a StartRequest) -> Self {
        Self {
            channel: request.channel,
            engagement_type: request.engagement_type,
            language: request.language,
            instruction: request.instruction.as_ref(),
            test_mode: request.test_mode,
        }
    }
}
