//! Writing a turn: where the conversation stands, what was said, and what was heard, all as one.

use hub_models::engagement::{Ended, Engagement, Event, Turn};
use hub_models::moment::Moment;
use hub_models::talk::Talk;
use hub_store::{Heard, StoreError};

use crate::Hub;
use crate::transition::transition_hearing;

/// A turn that was taken.
pub(super) struct TurnTaken {
    /// Where the conversation stands after it.
    pub(super) talk: Talk,
    /// What was said in it, by both.
    pub(super) said: Vec<Turn>,
    /// What was heard, with its answer.
    pub(super) heard: Option<Heard>,
    /// How the conversation ended with it.
    pub(super) ended: Option<Ended>,
    /// What the owner should know of it.
    pub(super) note: Option<String>,
    /// When to look after the conversation.
    pub(super) look_again: Moment,
}

/// What became of a turn.
pub(super) enum Recorded {
    /// It is written.
    Written(Box<Engagement>),
    /// Something else happened since it was decided, so it has to be decided again.
    Overtaken,
}

/// Writes a turn over what it was decided on.
pub(super) async fn write(hub: &Hub, engagement: Engagement, taken: TurnTaken) -> Result<Recorded, StoreError> {
    let TurnTaken { talk, said, heard, ended, note, look_again } = taken;
    let event = Event::Talked { talk: Box::new(talk), look_again, ended, note };
    Ok(match transition_hearing(hub, engagement, event, &said, heard.as_ref()).await? {
        Ok(change) => Recorded::Written(Box::new(change.engagement)),
        Err(_) => Recorded::Overtaken,
    })
}
