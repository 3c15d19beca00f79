//! Every way from one state to another, in one table: [`Engagement::apply`].
//!
//! It decides and writes nothing. The store writes what it decides over the version that it was decided on, and has
//! it decide again when another was faster. So what is proved of this table holds for the hub.

mod change;
mod event;
mod step;

pub use self::change::{Change, Counting, Refusal};
pub use self::event::{Ended, Event, Taken};
use self::step::Step;
use super::{Engagement, HistoryEvent, State, Wish};
use crate::moment::Moment;

impl Engagement {
    /// What `event` makes of this engagement.
    ///
    /// # Errors
    /// When it changes nothing.
    pub fn apply(&self, event: Event, now: Moment) -> Result<Change, Refusal> {
        use State::{Cancelled, Completed, Dispatching, Failed, InProgress, OnHold, Paused, Queued, Scheduled};
        // Nothing acts on a row whose batch has not let it go.
        let sends = matches!(event, Event::Claimed { .. } | Event::Taken { .. } | Event::Released { .. });
        if self.waits_for_its_batch() && sends {
            return Err(Refusal::NotNow(self.state));
        }
        let step = Step { next: self.clone(), now };
        match (self.state, event) {
            (Scheduled | Queued, Event::Claimed { claim }) => step.claimed(claim),
            // Evidence of an attempt that was given up also keeps the next one from being sent.
            (Dispatching | Queued | Scheduled | Paused, Event::Delivered(taken)) => step.delivered(taken),
            (Dispatching | Queued | Scheduled, Event::Taken { taken, look_again }) => step.taken(taken, look_again),
            (Paused, Event::Taken { taken, look_again }) => step.wishing(Wish::Pause).taken(taken, look_again),
            (Dispatching, Event::OutOfOrder { due_at, reason }) => step.out_of_order(due_at, reason),
            (Dispatching, Event::Postponed { due_at, reason, .. }) => {
                step.again(due_at, HistoryEvent::Postponed, Some(reason))
            }
            (Dispatching, Event::LeaseRanOut { look_again }) => step.unconfirmed(look_again),
            (Dispatching, Event::NeverTaken { due_at }) => {
                let reason = "The provider has no trace of the last attempt.".to_owned();
                step.again(due_at, HistoryEvent::Retried, Some(reason))
            }
            (Dispatching, Event::Refused { outcome, reason }) => step.ended(Failed, outcome, reason),
            (InProgress | OnHold, Event::Ended { reached, outcome, summary }) => {
                step.ended(if reached { Completed } else { Failed }, outcome, summary)
            }
            (InProgress | OnHold, Event::Reported { reached, outcome, summary, raw }) => {
                step.ended_as(if reached { Completed } else { Failed }, outcome, summary, Some(raw))
            }
            // That the line is down says nothing new of a conversation that has come to its end.
            (Completed, Event::Reported { reached: true, .. }) => Err(Refusal::AlreadySo),
            (Completed, Event::Reported { outcome, summary, raw, .. }) => step.updated(outcome, summary, Some(raw)),
            (Cancelled, Event::HungUp) if step.next.to_hang_up => step.hung_up(),
            (Cancelled, Event::Released { look_again }) if step.next.to_hang_up => step.released(look_again),
            // Evidence that comes after the end adds to the outcome and moves nothing.
            (Completed, Event::Ended { outcome, summary, .. }) => step.updated(outcome, summary, None),
            (InProgress | OnHold, Event::Talked { talk, look_again, ended, note }) => {
                step.talked(talk, look_again, ended, note)
            }
            (Completed, Event::Talked { talk, ended: Some(ended), note, .. }) => step.talked_at_last(talk, ended, note),
            (_, Event::Noted { detail }) => step.noted(detail),
            (Scheduled | Queued | InProgress, Event::Released { look_again }) => step.released(look_again),
            (Scheduled | Queued, Event::Pause) => step.paused(Paused),
            (InProgress, Event::Pause) => step.paused(OnHold),
            (Dispatching, Event::Pause) => step.wished(Some(Wish::Pause)),
            (Paused, Event::Resume { due_at }) => step.resumed_to_send(due_at),
            (OnHold, Event::Resume { due_at }) => step.resumed_in_progress(due_at),
            (Dispatching, Event::Resume { .. }) => step.wished(None),
            (Scheduled | Queued | Paused, Event::Cancel) => step.cancelled(false),
            (InProgress | OnHold, Event::Cancel) => step.cancelled(true),
            (Dispatching, Event::Cancel) => step.wished(Some(Wish::Cancel)),
            (_, Event::LetGo { due_at }) => step.let_go(due_at),
            (Dispatching, Event::HeldBack { wish }) => step.held_back(wish),
            (Paused, Event::LetGoOn { due_at }) => step.let_go_on(due_at),
            (Scheduled | Queued | Paused, Event::CalledOff) => step.cancelled(false),
            (Paused | OnHold, Event::Pause)
            | (Scheduled | Queued | InProgress, Event::Resume { .. })
            | (Cancelled, Event::Cancel) => Err(Refusal::AlreadySo),
            (state, _) if state.is_final() => Err(Refusal::Final(state)),
            (state, _) => Err(Refusal::NotNow(state)),
        }
    }
}

#[cfg(test)]
mod tests;
