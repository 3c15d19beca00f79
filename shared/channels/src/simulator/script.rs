//! How an engagement goes on after the simulator has taken it.

use hub_models::channel::{Channel, EngagementType};
use hub_models::engagement::{Outcome, Role};

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
    /// It stays in progress until it is paused or cancelled.
    NeverEnds,
}

pub(super) fn of(behaviour: Behaviour, channel: Channel, engagement_type: EngagementType, attempt: u32) -> Script {
    match behaviour {
        Behaviour::NeverEnds => Script::NeverEnds,
        Behaviour::Friendly => friendly(channel, engagement_type),
        // Its first attempt was not taken, so there is nothing to go on with.
        Behaviour::ThrottledFirst if attempt <= 1 => not_reached(Outcome::TemporarilyUnavailable),
        Behaviour::ThrottledFirst => friendly(channel, engagement_type),
        Behaviour::Agrees => agrees(channel, engagement_type),
        Behaviour::OptsOut => opts_out(channel),
        Behaviour::Voicemail => reached(Outcome::Voicemail, &[]),
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
    match engagement_type {
        EngagementType::Informational if channel.is_voice() => reached(Outcome::Answered, &[]),
        EngagementType::Informational => reached(Outcome::Delivered, &[]),
        EngagementType::Conversational => reached(
            Outcome::Conversed,
            &[
                (Role::User, "Thank you for telling me. I have no questions."),
                (Role::Assistant, "You are welcome. Goodbye."),
            ],
        ),
        EngagementType::Confirmational | EngagementType::AppointmentBooking => reached(
            Outcome::Conversed,
            &[
                (Role::User, "I have to look at my calendar first. I will call you back."),
                (Role::Assistant, "Of course. Goodbye."),
            ],
        ),
    }
}

/// The contact says yes, where there is something to say yes to.
fn agrees(channel: Channel, engagement_type: EngagementType) -> Script {
    match engagement_type {
        EngagementType::Confirmational => reached(
            Outcome::Confirmed,
            &[
                (Role::User, "Yes, I will be there."),
                (Role::Assistant, "Thank you, your booking is confirmed. Goodbye."),
            ],
        ),
        EngagementType::AppointmentBooking => reached(
            Outcome::Booked,
            &[
                (Role::User, "Yes, the first time that you have."),
                (Role::Assistant, "Thank you, it is booked. Goodbye."),
            ],
        ),
        EngagementType::Informational | EngagementType::Conversational => friendly(channel, engagement_type),
    }
}

fn opts_out(channel: Channel) -> Script {
    let asked = if channel.is_voice() { "Please do not call me again." } else { "STOP" };
    let replies = [(Role::User, asked), (Role::Assistant, "You will not be contacted again.")];
    never_again(reached(Outcome::OptedOut, &replies))
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
        Script::NeverEnds => Script::NeverEnds,
    }
}

fn summary(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Delivered => "Simulated: the message was delivered.",
        Outcome::Answered => "Simulated: the contact answered and heard the message.",
        Outcome::Voicemail => "Simulated: a machine took the call.",
        Outcome::Conversed => "Simulated: the contact talked with the hub to the end.",
        Outcome::Confirmed => "Simulated: the contact confirmed the booking.",
        Outcome::Booked => "Simulated: the contact made a booking.",
        Outcome::Busy => "Simulated: the line was busy.",
        Outcome::NoAnswer => "Simulated: nobody answered.",
        Outcome::InvalidNumber => "Simulated: there is no such number.",
        Outcome::Rejected => "Simulated: the contact declined the call.",
        Outcome::TemporarilyUnavailable => "Simulated: the contact's phone could not be reached.",
        Outcome::Bounced => "Simulated: the email came back.",
        Outcome::Complained => "Simulated: the recipient called the email spam.",
        Outcome::OptedOut => "Simulated: the contact asked not to be contacted again.",
        Outcome::DoNotContact => "Simulated: the contact is on the do-not-contact list.",
        Outcome::Refused => "Simulated: the provider refused it.",
        Outcome::Cancelled => "Simulated: it was cancelled.",
    }
}
