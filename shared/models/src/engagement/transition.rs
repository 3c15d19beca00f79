//! Every way from one state to another, in one table: [`Engagement::apply`].
//!
//! It decides and writes nothing. The store writes what it decides over the version that it was decided on, and has
//! it decide again when another was faster. So what is proved of this table holds for the hub.

use super::{Claim, Engagement, Hindrance, HistoryEvent, Outcome, State, Wish};
use crate::batch::RowStage;
use crate::id::CallSid;
use crate::moment::Moment;
use crate::retry::MOST_FAILURES;
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
            // A turn is decided on all that was said before it.
            Self::Talked { .. } => current.talk != before.talk || current.state != before.state,
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

/// A transition in the making: the engagement as it will be, and the time.
struct Step {
    next: Engagement,
    now: Moment,
}

type Decision = Result<Change, Refusal>;

impl Step {
    fn claimed(mut self, claim: Claim) -> Decision {
        self.next.state = State::Dispatching;
        self.next.claim = Some(claim);
        self.done(Telling::Silent)
    }

    fn delivered(mut self, taken: Taken) -> Decision {
        self.took(taken);
        self.next.state = State::InProgress;
        self.note(HistoryEvent::Sent, None);
        self.ended(State::Completed, Outcome::Delivered, "Accepted for delivery.".to_owned())
    }

    fn taken(mut self, taken: Taken, look_again: Moment) -> Decision {
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

    fn out_of_order(mut self, due_at: Moment, reason: String) -> Decision {
        self.next.failures += 1;
        if self.next.failures < MOST_FAILURES {
            return self.again(due_at, HistoryEvent::Retried, Some(reason));
        }
        let reason = format!("The provider could not take it after {MOST_FAILURES} attempts: {reason}");
        self.ended(State::Failed, Outcome::Refused, reason)
    }

    /// Back to the queue as a new attempt, or where its owner wished it meanwhile.
    fn again(mut self, due_at: Moment, event_type: HistoryEvent, reason: Option<String>) -> Decision {
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

    fn unconfirmed(mut self, look_again: Moment) -> Decision {
        let now = self.now;
        match &mut self.next.claim {
            Some(claim) if claim.unconfirmed_since.is_none() => claim.unconfirmed_since = Some(now),
            _ => return Err(Refusal::AlreadySo),
        }
        self.next.due_at = Some(look_again);
        self.note(HistoryEvent::Unconfirmed, None);
        self.done(Telling::Silent)
    }

    fn ended(self, state: State, outcome: Outcome, summary: String) -> Decision {
        self.ended_as(state, outcome, summary, None)
    }

    fn ended_as(mut self, state: State, outcome: Outcome, summary: String, detail: Option<String>) -> Decision {
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

    fn talked(mut self, talk: Box<Talk>, look_again: Moment, ended: Option<Ended>, note: Option<String>) -> Decision {
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

    fn updated(mut self, outcome: Outcome, summary: String, detail: Option<String>) -> Decision {
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

    fn noted(mut self, detail: String) -> Decision {
        if self.next.history.iter().any(|entry| entry.detail.as_ref() == Some(&detail)) {
            return Err(Refusal::AlreadySo);
        }
        self.note(HistoryEvent::Noted, Some(detail));
        self.done(Telling::Silent)
    }

    fn released(mut self, look_again: Moment) -> Decision {
        self.next.due_at = Some(look_again);
        self.done(Telling::Silent)
    }

    fn paused(mut self, state: State) -> Decision {
        self.next.state = state;
        self.next.due_at = None;
        self.note(HistoryEvent::Paused, None);
        self.done(Telling::Tell)
    }

    fn wished(mut self, wish: Option<Wish>) -> Decision {
        // Calling off outlives a later wish to hold: what was promised as cancelled is not sent.
        if self.next.wish == wish || self.next.wish == Some(Wish::Cancel) {
            return Err(Refusal::AlreadySo);
        }
        self.next.wish = wish;
        self.done(Telling::Silent)
    }

    fn resumed_to_send(mut self, due_at: Moment) -> Decision {
        let waits = self.next.scheduled_time.is_some_and(|at| at > self.now);
        self.next.state = if waits { State::Scheduled } else { State::Queued };
        // A new attempt, so that a message sent before the pause cannot claim it.
        self.next.attempt += 1;
        self.next.due_at = (!self.next.waits_for_its_batch()).then_some(due_at);
        self.note(HistoryEvent::Resumed, None);
        self.done(Telling::Tell)
    }

    fn let_go(mut self, due_at: Moment) -> Decision {
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

    fn held_back(mut self, wish: Wish) -> Decision {
        let cancelled = self.next.wish == Some(Wish::Cancel) || wish == Wish::Cancel;
        self.next.wish = None;
        self.next.claim = None;
        self.next.attempt += 1;
        if cancelled {
            return self.cancelled(false);
        }
        self.paused(State::Paused).map(|change| Change { counts: Some(Counting::HeldBack), ..change })
    }

    fn let_go_on(self, due_at: Moment) -> Decision {
        self.resumed_to_send(due_at).map(|change| Change { counts: Some(Counting::LetGoOn), ..change })
    }

    fn resumed_in_progress(mut self, due_at: Moment) -> Decision {
        self.next.state = State::InProgress;
        self.next.due_at = Some(due_at);
        self.note(HistoryEvent::Resumed, None);
        self.done(Telling::Tell)
    }

    /// A live call is hung up as soon as its dispatcher gets to it, and looked after by the tick until it is.
    fn cancelled(self, under_way: bool) -> Decision {
        let now = self.now;
        let mut change = self.ended(State::Cancelled, Outcome::Cancelled, "Cancelled by its owner.".to_owned())?;
        change.hang_up = under_way && change.engagement.is_a_carriers_call();
        change.engagement.to_hang_up = change.hang_up;
        change.engagement.due_at = change.hang_up.then_some(now);
        Ok(change)
    }

    fn hung_up(mut self) -> Decision {
        self.next.to_hang_up = false;
        self.next.due_at = None;
        self.done(Telling::Silent)
    }

    fn wishing(mut self, wish: Wish) -> Self {
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

#[cfg(test)]
mod tests;
