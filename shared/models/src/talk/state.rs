//! Where a conversation stands. It is part of its engagement, so that each turn is one transition.

use serde::{Deserialize, Serialize};

use crate::engagement::{Ended, Outcome, Turn};
use crate::moment::Moment;

/// Where a conversation stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Talk {
    /// How many entries its transcript has.
    pub entries: u32,
    /// The number of the turn that the hub listens to, from 1.
    pub turn: u32,
    /// When somebody last said something.
    pub last_at: Moment,
    /// Whether the contact has said anything.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub heard: bool,
    /// Whether something that was heard is not answered yet: the hub was held, or is thinking.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unanswered: bool,
    /// What the contact was asked.
    #[serde(default)]
    pub asked: Asked,
    /// How often in a row nothing was heard that could be understood.
    #[serde(default)]
    pub lost: u32,
    /// How often in a row a reply could not be thought of, or was not taken.
    #[serde(default)]
    pub failures: u32,
    /// The starts of the times that were offered, in the order of their numbers; of the booking that the contact was asked
    /// about, where it is one of the calendar's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offered: Vec<Moment>,
    /// How many replies were sent by message.
    #[serde(default)]
    pub replies: u32,
    /// The reply that is being sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outgoing: Option<Outgoing>,
    /// How it ends as soon as the reply is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
}

/// What the contact was asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// What the engagement is about.
    #[default]
    Purpose,
    /// To wait while the agent's phone rings.
    ToHold,
    /// When to be called back, because no agent answered.
    Callback,
}

/// A reply that a process is sending, or was when it broke off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// Numbers the replies of the conversation, from 1.
    pub number: u32,
    /// What it says.
    pub text: String,
    /// Since when it is being sent; none where it surely was not taken, and is tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Moment>,
}

/// How a conversation ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// Whether the contact was reached.
    pub reached: bool,
    /// The result.
    pub outcome: Outcome,
    /// What happened, in words.
    pub summary: String,
}

impl From<Ended> for Ending {
    fn from(Ended { reached, outcome, summary }: Ended) -> Self {
        Self { reached, outcome, summary }
    }
}

impl From<Ending> for Ended {
    fn from(Ending { reached, outcome, summary }: Ending) -> Self {
        Self { reached, outcome, summary }
    }
}

impl Talk {
    /// A conversation in which nobody has said anything.
    #[must_use]
    pub fn begun(now: Moment) -> Self {
        Self {
            entries: 0,
            turn: 1,
            last_at: now,
            heard: false,
            unanswered: false,
            asked: Asked::Purpose,
            lost: 0,
            failures: 0,
            offered: Vec::new(),
            replies: 0,
            outgoing: None,
            ending: None,
        }
    }

    /// The same with so much more said.
    #[must_use]
    pub fn saying(&self, said: &[Turn]) -> Self {
        Self { entries: self.entries + u32::try_from(said.len()).unwrap_or(u32::MAX), ..self.clone() }
    }
}
