//! How a call went, in the seven words of the IVR trigger (checklist K2, M2).

use serde::{Deserialize, Serialize};

use crate::channel::wire_words;
use crate::engagement::Outcome;

wire_words! {
    /// How a call ended.
    CallState {
        /// Someone, or a machine, took it.
        Answered = "Answered",
        /// The line was engaged.
        Busy = "Busy",
        /// Something else kept it from the contact.
        Error = "Error",
        /// There is no such number.
        InvalidNumber = "Invalid Number",
        /// Nobody took it.
        NoAnswer = "No Answer",
        /// The contact declined it.
        Rejected = "Rejected",
        /// The contact's phone could not be reached.
        TemporarilyUnavailable = "Temporarily Unavailable",
    }
}

impl CallState {
    /// The state of a call that ended with this outcome. What is not the end of a call at all is an error of it.
    #[must_use]
    pub const fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Delivered
            | Outcome::Answered
            | Outcome::Voicemail
            | Outcome::Conversed
            | Outcome::Confirmed
            | Outcome::Booked
            | Outcome::Declined
            | Outcome::OptedOut => Self::Answered,
            Outcome::Busy => Self::Busy,
            Outcome::NoAnswer => Self::NoAnswer,
            Outcome::InvalidNumber => Self::InvalidNumber,
            Outcome::Rejected => Self::Rejected,
            Outcome::TemporarilyUnavailable => Self::TemporarilyUnavailable,
            Outcome::Error
            | Outcome::Bounced
            | Outcome::Complained
            | Outcome::DoNotContact
            | Outcome::Refused
            | Outcome::Cancelled => Self::Error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_the_end_of_some_call() {
        for state in CallState::ALL {
            assert!(Outcome::ALL.iter().any(|outcome| CallState::of(*outcome) == *state), "{state}");
        }
    }

    #[test]
    fn a_machine_has_answered() {
        assert_eq!(CallState::of(Outcome::Voicemail), CallState::Answered);
    }
}
