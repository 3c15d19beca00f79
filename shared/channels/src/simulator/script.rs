//! How an engagement goes on after the simulator has taken it.

use hub_models::channel::{Channel, EngagementType, Language};
use hub_models::engagement::{Outcome, Role};
use hub_models::talk::{AnsweredBy, Meant, word_for};

use super::magic::Behaviour;

/// How an engagement goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Script {
    /// It comes to its end.
    Ends {
        /// Whether the contact was reached.
        reached: bool,
        /// The result.
        outcome: Outcome,
        /// What happened, in words.
        summary: String,
        /// What is said after the hub's opening line, and by whom.
        replies: Vec<(Role, String)>,
        /// Whether the contact must not be engaged again: it said so, called the email spam, or its address is dead.
        opt_out: bool,
    },
    /// The contact is reached and does its part of a conversation.
    Talks(Part),
    /// It stays in progress until it is paused or cancelled.
    NeverEnds,
}

/// A contact's part of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Who answers a call.
    pub answered_by: AnsweredBy,
    /// What the contact says, in turn.
    pub says: Vec<Line>,
    /// What it does after that.
    pub after: After,
}

/// Something that a contact says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// The plainest word for this, in the language of the conversation.
    Word(Meant),
    /// This, whatever the language.
    Text(&'static str),
}

impl Line {
    /// What is said.
    #[must_use]
    pub fn in_language(self, language: Language) -> String {
        match self {
            Self::Word(meant) => word_for(meant, language).to_owned(),
            Self::Text(text) => text.to_owned(),
        }
    }
}

/// What a contact does after it has said everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// It ends the call.
    HangsUp,
    /// It keeps the line and says nothing.
    IsSilent,
}

pub(super) fn of(behaviour: Behaviour, channel: Channel, engagement_type: EngagementType, attempt: u32) -> Script {
    match behaviour {
        Behaviour::NeverEnds => Script::NeverEnds,
        Behaviour::Friendly => friendly(channel, engagement_type),
        // Its first attempt was not taken, so there is nothing to go on with.
        Behaviour::ThrottledFirst if attempt <= 1 => not_reached(Outcome::TemporarilyUnavailable),
        Behaviour::ThrottledFirst => friendly(channel, engagement_type),
        Behaviour::Agrees => agrees(channel, engagement_type),
        Behaviour::OptsOut => opts_out(channel, engagement_type),
        Behaviour::Voicemail => part(AnsweredBy::Machine, &[], After::HangsUp),
        Behaviour::Declines => talks_or(channel, engagement_type, &[Line::Word(Meant::No)]),
        Behaviour::AsksForAgent => talks_or(channel, engagement_type, &[Line::Word(Meant::Agent), Line::Text("15:30")]),
        Behaviour::IsSilent => talks_or(channel, engagement_type, &[]),
        Behaviour::HangsUp if channel.is_voice() => part(AnsweredBy::Human, &[], After::HangsUp),
        Behaviour::HangsUp => talks_or(channel, engagement_type, &[]),
        Behaviour::InvalidNumber => not_reached(Outcome::InvalidNumber),
        Behaviour::Busy => not_reached(Outcome::Busy),
        Behaviour::NoAnswer => not_reached(Outcome::NoAnswer),
        Behaviour::Rejected => not_reached(Outcome::Rejected),
        Behaviour::TemporarilyUnavailable => not_reached(Outcome::TemporarilyUnavailable),
        Behaviour::Refused => not_reached(Outcome::Refused),
        Behaviour::Bounces => never_again(not_reached(Outcome::Bounced)),
        Behaviour::Complains => never_again(reached(Outcome::Complained, &[])),
    }
}

/// The contact is reached and goes along, but promises nothing.
fn friendly(channel: Channel, engagement_type: EngagementType) -> Script {
    let word = match engagement_type {
        EngagementType::Informational | EngagementType::Conversational => Meant::No,
        EngagementType::Confirmational | EngagementType::AppointmentBooking => Meant::Later,
    };
    talks_or(channel, engagement_type, &[Line::Word(word)])
}

/// The contact says yes, where there is something to say yes to.
fn agrees(channel: Channel, engagement_type: EngagementType) -> Script {
    match engagement_type {
        EngagementType::Confirmational => talks_or(channel, engagement_type, &[Line::Word(Meant::Yes)]),
        EngagementType::AppointmentBooking => talks_or(channel, engagement_type, &[Line::Word(Meant::Number(1))]),
        EngagementType::Informational | EngagementType::Conversational => friendly(channel, engagement_type),
    }
}

fn opts_out(channel: Channel, engagement_type: EngagementType) -> Script {
    match (engagement_type, channel.is_voice()) {
        (EngagementType::Informational, voice) => {
            let asked = if voice { "Please do not call me again." } else { "STOP" };
            let replies = [(Role::User, asked), (Role::Assistant, "You will not be contacted again.")];
            never_again(reached(Outcome::OptedOut, &replies))
        }
        (_, true) => talks_or(channel, engagement_type, &[Line::Word(Meant::Stop)]),
        (_, false) => talks_or(channel, engagement_type, &[Line::Text("STOP")]),
    }
}

/// The contact does its part of a conversation. It only listens where there is none, and a message is only delivered then.
fn talks_or(channel: Channel, engagement_type: EngagementType, says: &[Line]) -> Script {
    match (engagement_type, channel.is_voice()) {
        (EngagementType::Informational, false) => reached(Outcome::Delivered, &[]),
        _ => part(AnsweredBy::Human, says, After::IsSilent),
    }
}

fn part(answered_by: AnsweredBy, says: &[Line], after: After) -> Script {
    Script::Talks(Part { answered_by, says: says.to_vec(), after })
}

fn reached(outcome: Outcome, replies: &[(Role, &str)]) -> Script {
    ends(true, outcome, replies)
}

fn not_reached(outcome: Outcome) -> Script {
    ends(false, outcome, &[])
}

fn ends(reached: bool, outcome: Outcome, replies: &[(Role, &str)]) -> Script {
    let replies = replies.iter().map(|(role, text)| (*role, (*text).to_owned())).collect();
    Script::Ends { reached, outcome, summary: summary(outcome).to_owned(), replies, opt_out: false }
}

fn never_again(script: Script) -> Script {
    match script {
        Script::Ends { reached, outcome, summary, replies, .. } => {
            Script::Ends { reached, outcome, summary, replies, opt_out: true }
        }
        script @ (Script::Talks(_) | Script::NeverEnds) => script,
    }
}

fn summary(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Delivered => "Simulated: the message was delivered.",
        Outcome::Answered => "Simulated: the contact answered and heard the message.",
        Outcome::Voicemail => "Simulated: a machine took the call.",
        Outcome::Conversed => "Simulated: the contact talked with the hub to the end.",
        Outcome::Confirmed => "Simulated: the contact confirmed the booking.",
        Outcome::Declined => "Simulated: the contact declined the booking.",
        Outcome::Booked => "Simulated: the contact made a booking.",
        Outcome::Busy => "Simulated: the line was busy.",
        Outcome::NoAnswer => "Simulated: nobody answered.",
        Outcome::InvalidNumber => "Simulated: there is no such number.",
        Outcome::Rejected => "Simulated: the contact declined the call.",
        Outcome::TemporarilyUnavailable => "Simulated: the contact's phone could not be reached.",
        Outcome::Error => "Simulated: the call could not be put through.",
        Outcome::Bounced => "Simulated: the email came back.",
        Outcome::Complained => "Simulated: the recipient called the email spam.",
        Outcome::OptedOut => "Simulated: the contact asked not to be contacted again.",
        Outcome::DoNotContact => "Simulated: the contact is on the do-not-contact list.",
        Outcome::Refused => "Simulated: the provider refused it.",
        Outcome::Cancelled => "Simulated: it was cancelled.",
    }
}
