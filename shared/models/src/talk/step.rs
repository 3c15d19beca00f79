//! The steps of a call, as a carrier carries them out.

use serde::{Deserialize, Serialize};

use crate::contact::PhoneNumber;

/// Who or what has answered a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnsweredBy {
    /// A person.
    Human,
    /// An answering machine, which has beeped.
    Machine,
    /// Nobody can tell; it is taken to be a person.
    Unknown,
}

/// What is said in a call, and what comes then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallStep {
    /// What is said, one sentence or more each.
    pub say: Vec<String>,
    /// What comes then.
    pub then: Then,
}

/// What comes after something was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// The contact speaks, and what is heard is this turn.
    Listen {
        /// Its number.
        turn: u32,
    },
    /// The contact is connected to the agent.
    Transfer {
        /// The agent's number.
        agent: PhoneNumber,
    },
    /// The call is over.
    HangUp,
    /// The hub is asked for its answer to this turn again, a few seconds later.
    Wait {
        /// The number of the turn.
        turn: u32,
    },
}

impl CallStep {
    /// Says this and listens.
    #[must_use]
    pub fn listen(say: Vec<String>, turn: u32) -> Self {
        Self { say, then: Then::Listen { turn } }
    }

    /// Says this and hangs up.
    #[must_use]
    pub fn hang_up(say: Vec<String>) -> Self {
        Self { say, then: Then::HangUp }
    }
}
