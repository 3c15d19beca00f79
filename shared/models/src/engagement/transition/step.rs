//! The steps that the table of transitions is made of.

use super::{Change, Counting, Ended, Refusal, Taken};
use crate::batch::RowStage;
use crate::engagement::{Claim, Engagement, HistoryEvent, Outcome, State, Wish};
use crate::moment::Moment;
use crate::retry::MOST_FAILURES;
use crate::talk::Talk;

/// A transition in the making: the engagement as it will be, and the time.
pub(super) struct Step {
    pub(super) next: Engagement,
    pub(super) now: Moment,
}

type Decision = Result<Change, Refusal>;

impl Step {
    pub(super) fn claimed(mut self, claim: Claim) -> Decision {
        self.next.state = State::Dispatching;
        self.next.claim = Some(claim);
        self.done(Telling::Silent)
    }

    pub(super) fn delivered(mut self, taken: Taken) -> Decision {
        self.took(taken);
        self.next.state = State::InProgress;
        self.note(HistoryEvent::Sent, None);
        self.ended(State::Completed, Outcome::Delivered, "Accepted for delivery.".to_owned())
    }

    pub(super) fn taken(mut self, taken: Taken, look_again: Moment) -> Decision {
        let wish = self.next.wish.take();
        self.took(taken);
        let held = wish == Some(Wish::Pause);
        self.next.due_at = (!held).then_some(look_again);
        self.next.state = if held { State::OnHold } else { State::InProgress };
        self.note(HistoryEvent::Sent, None);
        match wish {
            Some(Wish::Cancel) => self.cancelled(true),
            Some(Wish::Pause) | None => self.done(Telling::Tell),
        }
    }

    fn took(&mut self, taken: Taken) {
        self.next.provider_id = Some(taken.provider_id);
        // An email's sid says no more than its engagement's id, so only a carrier's is kept and indexed.
        self.next.call_sid = Some(taken.call_sid).filter(|sid| sid.engagement_id().is_none());
        self.next.claim = None;
        self.next.started_at.get_or_insert(self.now);
    }

    pub(super) fn out_of_order(mut self, due_at: Moment, reason: String) -> Decision {
        self.next.failures += 1;
        if self.next.failures < MOST_FAILURES {
            return self.again(due_at, HistoryEvent::Retried, Some(reason));
        }
        let reason = format!("The provider could not take it after {MOST_FAILURES} attempts: {reason}");
        self.ended(State::Failed, Outcome::Refused, reason)
    }

    /// Back to the queue as a new attempt, or where its owner wished it meanwhile.
    pub(super) fn again(mut self, due_at: Moment, event_type: HistoryEvent, reason: Option<String>) -> Decision {
        let wish = self.next.wish.take();
        self.next.claim = None;
        self.next.attempt += 1;
        self.next.state = State::Queued;
        self.next.due_at = Some(due_at);
        self.note(event_type, reason);
        match wish {
            Some(Wish::Cancel) => self.cancelled(false),
            Some(Wish::Pause) => self.paused(State::Paused),
            None => self.done(Telling::Silent),
        }
    }

    pub(super) fn unconfirmed(mut self, look_again: Moment) -> Decision {
        let now = self.now;
        match &mut self.next.claim {
            Some(claim) if claim.unconfirmed_since.is_none() => claim.unconfirmed_since = Some(now),
            _ => return Err(Refusal::AlreadySo),
        }
        self.next.due_at = Some(look_again);
        self.note(HistoryEvent::Unconfirmed, None);
        self.done(Telling::Silent)
    }

    pub(super) fn ended(self, state: State, outcome: Outcome, summary: String) -> Decision {
        self.ended_as(state, outcome, summary, None)
    }

    pub(super) fn ended_as(
        mut self,
        state: State,
        outcome: Outcome,
        summary: String,
        detail: Option<String>,
    ) -> Decision {
        let refund = if state.owes_nothing() { self.next.price } else { 0 };
        if let Some(row) = self.next.batch.as_mut().filter(|row| row.stage == RowStage::Waiting) {
            row.stage = RowStage::Withdrawn;
        }
        let counts = self.next.batch.map(|_| Counting::Ended);
        self.next.state = state;
        self.next.outcome = Some(outcome);
        self.next.summary = Some(summary);
        self.next.completed_at = Some(self.now);
        self.next.due_at = None;
        self.next.claim = None;
        self.next.wish = None;
        self.note(HistoryEvent::Ended, detail);
        self.done(Telling::Tell).map(|change| Change { refund, counts, ..change })
    }

    pub(super) fn talked(
        mut self,
        talk: Box<Talk>,
        look_again: Moment,
        ended: Option<Ended>,
        note: Option<String>,
    ) -> Decision {
        self.next.talk = Some(talk);
        // Nothing moves what is held, so nothing has to look at it.
        self.next.due_at = (self.next.state == State::InProgress).then_some(look_again);
        if note.is_some() {
            self.note(HistoryEvent::Noted, note);
        }
        match ended {
            Some(Ended { reached, outcome, summary }) => {
                self.ended(if reached { State::Completed } else { State::Failed }, outcome, summary)
            }
            None => self.done(Telling::Silent),
        }
    }

    /// The last turn of a conversation whose line went down while it was decided, and what was done with it.
    pub(super) fn talked_at_last(mut self, talk: Box<Talk>, ended: Ended, note: Option<String>) -> Decision {
        self.next.talk = Some(talk);
        self.next.outcome = Some(ended.outcome);
        self.next.summary = Some(ended.summary);
        if note.is_some() {
            self.note(HistoryEvent::Noted, note);
        }
        self.note(HistoryEvent::Updated, None);
        self.done(Telling::Tell)
    }

    pub(super) fn updated(mut self, outcome: Outcome, summary: String, detail: Option<String>) -> Decision {
        if self.has_heard(outcome) {
            return Err(Refusal::AlreadySo);
        }
        self.next.outcome = Some(outcome);
        self.next.summary = Some(summary);
        self.note(HistoryEvent::Updated, detail);
        self.done(Telling::Tell)
    }

    /// Whether evidence says nothing new: it may come twice, and in another order than it arose. Who complained has read
    /// the email, so that it also bounced somewhere says less.
    fn has_heard(&self, outcome: Outcome) -> bool {
        let mut told = self.next.history.iter().filter(|entry| entry.event_type == HistoryEvent::Updated);
        self.next.outcome == Some(outcome)
            || told.any(|entry| entry.call_outcome == Some(outcome))
            || matches!((self.next.outcome, outcome), (Some(Outcome::Complained), Outcome::Bounced))
    }

    pub(super) fn noted(mut self, detail: String) -> Decision {
        if self.next.history.iter().any(|entry| entry.detail.as_ref() == Some(&detail)) {
            return Err(Refusal::AlreadySo);
        }
        self.note(HistoryEvent::Noted, Some(detail));
        self.done(Telling::Silent)
    }

    pub(super) fn released(mut self, look_again: Moment) -> Decision {
        self.next.due_at = Some(look_again);
        self.done(Telling::Silent)
    }

    pub(super) fn paused(mut self, state: State) -> Decision {
        self.next.state = state;
        self.next.due_at = None;
        self.note(HistoryEvent::Paused, None);
        self.done(Telling::Tell)
    }

    pub(super) fn wished(mut self, wish: Option<Wish>) -> Decision {
        // Calling off outlives a later wish to hold: what was promised as cancelled is not sent.
        if self.next.wish == wish || self.next.wish == Some(Wish::Cancel) {
            return Err(Refusal::AlreadySo);
        }
        self.next.wish = wish;
        self.done(Telling::Silent)
    }

    pub(super) fn resumed_to_send(mut self, due_at: Moment) -> Decision {
        let waits = self.next.scheduled_time.is_some_and(|at| at > self.now);
        self.next.state = if waits { State::Scheduled } else { State::Queued };
        // A new attempt, so that a message sent before the pause cannot claim it.
        self.next.attempt += 1;
        self.next.due_at = (!self.next.waits_for_its_batch()).then_some(due_at);
        self.note(HistoryEvent::Resumed, None);
        self.done(Telling::Tell)
    }

    pub(super) fn let_go(mut self, due_at: Moment) -> Decision {
        let state = self.next.state;
        match self.next.batch.as_mut() {
            Some(row) if row.stage == RowStage::Waiting => row.stage = RowStage::Released,
            Some(row) if row.stage == RowStage::Withdrawn => return Err(Refusal::Final(state)),
            Some(_) | None => return Err(Refusal::AlreadySo),
        }
        // What its owner holds stays held.
        self.next.due_at = (state != State::Paused).then_some(due_at);
        self.done(Telling::Silent)
    }

    pub(super) fn held_back(mut self, wish: Wish) -> Decision {
        let cancelled = self.next.wish == Some(Wish::Cancel) || wish == Wish::Cancel;
        self.next.wish = None;
        self.next.claim = None;
        self.next.attempt += 1;
        if cancelled {
            return self.cancelled(false);
        }
        self.paused(State::Paused).map(|change| Change { counts: Some(Counting::HeldBack), ..change })
    }

    pub(super) fn let_go_on(self, due_at: Moment) -> Decision {
        self.resumed_to_send(due_at).map(|change| Change { counts: Some(Counting::LetGoOn), ..change })
    }

    pub(super) fn resumed_in_progress(mut self, due_at: Moment) -> Decision {
        self.next.state = State::InProgress;
        self.next.due_at = Some(due_at);
        self.note(HistoryEvent::Resumed, None);
        self.done(Telling::Tell)
    }

    /// A live call is hung up as soon as its dispatcher gets to it, and looked after by the tick until it is.
    pub(super) fn cancelled(self, under_way: bool) -> Decision {
        let now = self.now;
        let mut change = self.ended(State::Cancelled, Outcome::Cancelled, "Cancelled by its owner.".to_owned())?;
        change.hang_up = under_way && change.engagement.is_a_carriers_call();
        change.engagement.to_hang_up = change.hang_up;
        change.engagement.due_at = change.hang_up.then_some(now);
        Ok(change)
    }

    pub(super) fn hung_up(mut self) -> Decision {
        self.next.to_hang_up = false;
        self.next.due_at = None;
        self.done(Telling::Silent)
    }

    pub(super) fn wishing(mut self, wish: Wish) -> Self {
        self.next.wish.get_or_insert(wish);
        self
    }

    fn note(&mut self, event_type: HistoryEvent, detail: Option<String>) {
        self.next.note(event_type, self.now, detail);
    }

    fn done(mut self, telling: Telling) -> Decision {
        self.next.version += 1;
        let tell = telling == Telling::Tell;
        Ok(Change { engagement: self.next, refund: 0, tell, hang_up: false, counts: None })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Telling {
    Tell,
    Silent,
}
