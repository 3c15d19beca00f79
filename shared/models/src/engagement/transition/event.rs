//! What can happen to an engagement.

use crate::engagement::{Claim, Engagement, Hindrance, Outcome, State, Wish};
use crate::id::CallSid;
use crate::moment::Moment;
use crate::talk::Talk;

/// Something that happens to an engagement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A dispatcher takes this attempt for itself.
    Claimed {
        /// The dispatcher's right.
        claim: Claim,
    },
    /// The provider took it and is done with it.
    Delivered(Taken),
    /// The provider took it and will tell how it goes on; `look_again` is when to ask if it does not.
    Taken {
        /// What the provider said.
        taken: Taken,
        /// When to ask.
        look_again: Moment,
    },
    /// The provider, or what has changed since the acceptance, forbids it for good.
    Refused {
        /// The outcome.
        outcome: Outcome,
        /// Why, for a person to act on.
        reason: String,
    },
    /// The provider is throttled or out of order.
    OutOfOrder {
        /// When to try again.
        due_at: Moment,
        /// What it said.
        reason: String,
    },
    /// It must not go out now, through no fault of a provider.
    Postponed {
        /// When it may.
        due_at: Moment,
        /// What keeps it back.
        hindrance: Hindrance,
        /// Why not now, in words.
        reason: String,
    },
    /// The claim ran out with nothing recorded; evidence is awaited until `look_again`.
    LeaseRanOut {
        /// When to decide.
        look_again: Moment,
    },
    /// The provider never took it: there was no evidence to the end of the grace period.
    NeverTaken {
        /// When to try again.
        due_at: Moment,
    },
    /// The contact has been engaged, with this result.
    Ended {
        /// Whether the contact was reached.
        reached: bool,
        /// The result.
        outcome: Outcome,
        /// What happened, in words.
        summary: String,
    },
    /// The carrier reports how its call or message ended.
    Reported {
        /// Whether the contact was reached.
        reached: bool,
        /// The result.
        outcome: Outcome,
        /// What happened, in words.
        summary: String,
        /// The same in the carrier's own words and codes.
        raw: String,
    },
    /// The call of what was called off is over.
    HungUp,
    /// The conversation went on by a turn, or was looked after.
    Talked {
        /// Where it stands now.
        talk: Box<Talk>,
        /// When to look after it.
        look_again: Moment,
        /// How it ended with that.
        ended: Option<Ended>,
        /// What its owner should know, in words.
        note: Option<String>,
    },
    /// Something was left out of its content, which its owner should know.
    Noted {
        /// What, in words.
        detail: String,
    },
    /// The tick hands it to a queue.
    Released {
        /// When the tick looks again.
        look_again: Moment,
    },
    /// Its owner holds it.
    Pause,
    /// Its owner lets it go on.
    Resume {
        /// When it goes out, or goes on.
        due_at: Moment,
    },
    /// Its owner calls it off.
    Cancel,
    /// Its batch lets it go.
    LetGo {
        /// When the tick looks at it.
        due_at: Moment,
    },
    /// The dispatcher that has it finds its batch paused or called off.
    HeldBack {
        /// What the owner of the batch asked for.
        wish: Wish,
    },
    /// Its batch, which held it back, goes on.
    LetGoOn {
        /// When the tick looks at it.
        due_at: Moment,
    },
    /// Its batch is called off; what is under way goes on to its end.
    CalledOff,
}

impl Event {
    /// Whether it has nothing to say any more, once `before`, on which it was decided, has become `current`.
    #[must_use]
    pub fn is_overtaken(&self, before: &Engagement, current: &Engagement) -> bool {
        match self {
            // What has moved on has a date of its own.
            Self::Released { .. } => true,
            // A turn is decided on all that was said before it. One with which the conversation ended counts though the line
            // went down meanwhile.
            Self::Talked { ended, .. } => {
                let over = ended.is_some() && current.state == State::Completed;
                current.talk != before.talk || (current.state != before.state && !over)
            }
            // They are about one attempt and say nothing of another, which someone else may be sending now.
            Self::Refused { .. }
            | Self::OutOfOrder { .. }
            | Self::Postponed { .. }
            | Self::LeaseRanOut { .. }
            | Self::HeldBack { .. }
            | Self::NeverTaken { .. } => current.attempt != before.attempt,
            _ => false,
        }
    }
}

/// How a conversation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Whether the contact was reached.
    pub reached: bool,
    /// The result.
    pub outcome: Outcome,
    /// What happened, in words.
    pub summary: String,
}

/// What a provider said when it took an engagement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Its own id of it.
    pub provider_id: String,
    /// The sid in the call log.
    pub call_sid: CallSid,
}
