//! What an event makes of an engagement, or why it makes nothing of it.

use crate::engagement::{Engagement, State};

/// What an event makes of an engagement, to be written as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The engagement after it, with its next version.
    pub engagement: Engagement,
    /// Credits that go back to the account with it.
    pub refund: u64,
    /// Whether the domain's webhook is told of it.
    pub tell: bool,
    /// Whether a live call must be hung up.
    pub hang_up: bool,
    /// What its batch must know of it.
    pub counts: Option<Counting>,
}

/// What a batch is to know of one of its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// It has ended.
    Ended,
    /// It waits until the batch goes on.
    HeldBack,
    /// It waits no longer.
    LetGoOn,
}

/// Why an event changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is so already.
    #[error("nothing to change")]
    AlreadySo,
    /// It has ended.
    #[error("the engagement has ended")]
    Final(State),
    /// It does not belong to this state; it came too early, too late or twice.
    #[error("the engagement is in another state")]
    NotNow(State),
}
