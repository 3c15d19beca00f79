//! What the hub counts, for the operator who asks whether it is sending: [`METRICS`] is the table of it all.
//!
//! Where nobody collects them, as on one machine, counting does nothing. Engagements in test mode are not counted: who
//! tries out how an engagement fails must not set off an alarm. No dimension has more values than an enum.

use hub_channels::queue::Queue;
use hub_models::channel::Channel;
use hub_models::engagement::{Engagement, Event, Hindrance, State};
use hub_models::moment::Moment;
use hub_models::webhook::{DeliveryStatus, Try};
use hub_store::{Due, DueKind};
use jiff::SignedDuration;
use metrics::{counter, gauge, histogram};

use self::table::{
    ACCEPTED, DUE_RELEASED, ENDED, FAILED, MAIL_EVENTS, MESSAGES_HANDED_BACK, OLDEST_DUE, POSTPONED, QUEUE_WAIT, SENT,
    START_REFUSED, UNCONFIRMED, WEBHOOK_TRIES, WEBHOOKS_GIVEN_UP,
};
use crate::mail_events::MailEventKind;
use crate::start::StartError;

mod table;

pub use table::{METRICS, Metric, NAMESPACE, describe_metrics};

/// The word for a provider, or the hub's own data, that could not be used.
const OUT_OF_ORDER: &str = "out_of_order";

/// An engagement was accepted.
pub(crate) fn accepted(engagement: &Engagement) {
    if !engagement.test_mode {
        accepted_on(engagement.channel);
    }
}

/// An engagement was accepted on this channel, not in test mode.
pub(crate) fn accepted_on(channel: Channel) {
    counter!(ACCEPTED.name, "Channel" => channel.as_str()).increment(1);
}

/// A start was not accepted.
pub(crate) fn start_refused(error: &StartError) {
    let reason = match error {
        StartError::Access(_) => "unknown_domain",
        StartError::Paused(_) => Hindrance::DomainPaused.as_str(),
        StartError::Unfit(_) => "unfit",
        StartError::DoNotContact { .. } => "do_not_contact",
        StartError::TooFewCredits { .. } => "too_few_credits",
        StartError::KeyReused => "key_reused",
        StartError::Store(_) => OUT_OF_ORDER,
    };
    counter!(START_REFUSED.name, "Reason" => reason).increment(1);
}

/// `event` brought an engagement from `before` to where it is now.
pub(crate) fn moved(before: State, event: &Event, engagement: &Engagement) {
    if engagement.test_mode {
        return;
    }
    let channel = engagement.channel.as_str();
    let ended = engagement.state.is_final();
    match event {
        Event::Delivered(_) | Event::Taken { .. } => counter!(SENT.name, "Channel" => channel).increment(1),
        Event::LeaseRanOut { .. } => counter!(UNCONFIRMED.name, "Channel" => channel).increment(1),
        Event::Postponed { hindrance, .. } if !ended => postponed(channel, hindrance.as_str()),
        Event::OutOfOrder { .. } if !ended => postponed(channel, OUT_OF_ORDER),
        _ => {}
    }
    if ended && !before.is_final() {
        has_ended(event, engagement);
    }
}

fn postponed(channel: &'static str, reason: &'static str) {
    counter!(POSTPONED.name, "Channel" => channel, "Reason" => reason).increment(1);
}

fn has_ended(event: &Event, engagement: &Engagement) {
    let channel = engagement.channel.as_str();
    let outcome = engagement.outcome.map_or("", |outcome| outcome.as_str());
    counter!(ENDED.name, "Channel" => channel, "Outcome" => outcome).increment(1);
    if engagement.state == State::Failed {
        let reason = if matches!(event, Event::OutOfOrder { .. }) { OUT_OF_ORDER } else { outcome };
        counter!(FAILED.name, "Channel" => channel).increment(1);
        counter!(FAILED.name, "Channel" => channel, "Reason" => reason).increment(1);
    }
}

/// A job was claimed that the queue was to bring at `due_at`.
pub(crate) fn waited(queue: Queue, due_at: Option<Moment>, now: Moment) {
    if let Some(due_at) = due_at {
        histogram!(QUEUE_WAIT.name, "Queue" => queue.as_str()).record(lateness(due_at, now).as_millis_f64());
    }
}

/// A worker could not do so many messages of a batch; the queue of this name brings them again.
pub fn handed_back(queue: &'static str, messages: usize) {
    if messages > 0 {
        counter!(MESSAGES_HANDED_BACK.name, "Queue" => queue).increment(messages as u64);
    }
}

/// How late the most overdue items are that a tick has seen.
#[derive(Default)]
pub(crate) struct OldestDue {
    engagement: SignedDuration,
    delivery: SignedDuration,
    batch: SignedDuration,
}

impl OldestDue {
    /// The tick found these.
    pub(crate) fn see(&mut self, found: &[Due], now: Moment) {
        for due in found {
            let oldest = match due.kind {
                DueKind::Engagement(_) => &mut self.engagement,
                DueKind::Delivery(_) => &mut self.delivery,
                DueKind::Batch(_) => &mut self.batch,
                // Clearing away what was given up keeps nobody waiting.
                DueKind::Draft(_) => continue,
            };
            *oldest = lateness(due.due_at, now).max(*oldest);
        }
    }

    /// The tick is over.
    pub(crate) fn tell(&self) {
        for (kind, oldest) in [("engagement", self.engagement), ("delivery", self.delivery), ("batch", self.batch)] {
            gauge!(OLDEST_DUE.name, "Kind" => kind).set(oldest.as_secs_f64());
        }
    }
}

/// The tick handed an item to its queue.
pub(crate) fn released(kind: DueKind) {
    let kind = match kind {
        DueKind::Engagement(_) => "engagement",
        DueKind::Delivery(_) => "delivery",
        DueKind::Batch(_) => "batch",
        DueKind::Draft(_) => "draft",
    };
    counter!(DUE_RELEASED.name, "Kind" => kind).increment(1);
}

fn lateness(due_at: Moment, now: Moment) -> SignedDuration {
    (now - due_at).max(SignedDuration::ZERO)
}

/// A webhook was called, with this outcome, after which the delivery has this status.
pub(crate) fn webhook_tried(outcome: &Try, status: DeliveryStatus) {
    let result = match outcome.status_code {
        Some(200..=299) => "delivered",
        Some(410) => "gone",
        Some(_) => "refused",
        None => "failed",
    };
    counter!(WEBHOOK_TRIES.name, "Result" => result).increment(1);
    if status == DeliveryStatus::Failed {
        counter!(WEBHOOKS_GIVEN_UP.name, "Result" => result).increment(1);
    }
}

/// The mail service told something of an email.
pub(crate) fn mail_event(kind: &MailEventKind) {
    let kind = match kind {
        MailEventKind::Taken => "taken",
        MailEventKind::Delayed { .. } => "delayed",
        MailEventKind::Bounced { permanent: true, .. } => "hard_bounce",
        MailEventKind::Bounced { permanent: false, .. } => "soft_bounce",
        MailEventKind::Complained => "complaint",
        MailEventKind::Rejected { .. } => "reject",
    };
    counter!(MAIL_EVENTS.name, "Kind" => kind).increment(1);
}
