//! Every metric: its name, unit, dimensions and meaning. README.md has the same as a table, and dashboards rely on it.

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};

/// The namespace of all metrics in CloudWatch, where a function is not told one of its own stack.
pub const NAMESPACE: &str = "EngagementHub";

/// One metric, as dashboards and alarms find it.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// The unit of its values.
    pub unit: Unit,
    /// The sets of dimensions under which it is written.
    pub dimensions: &'static [&'static [&'static str]],
    /// What it tells.
    pub meaning: &'static str,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Counter,
    Gauge,
    Histogram,
}

impl Metric {
    const fn counter(
        name: &'static str,
        dimensions: &'static [&'static [&'static str]],
        meaning: &'static str,
    ) -> Self {
        Self { name, unit: Unit::Count, dimensions, meaning, kind: Kind::Counter }
    }
}

pub(super) const ACCEPTED: Metric = Metric::counter(
    "EngagementsAccepted",
    &[&["Channel"]],
    "starts that were accepted; the same request with the same key counts once",
);

pub(super) const START_REFUSED: Metric =
    Metric::counter("StartsRefused", &[&["Reason"]], "starts that were not accepted, such as `too_few_credits`");

pub(super) const SENT: Metric = Metric::counter(
    "EngagementsSent",
    &[&["Channel"]],
    "engagements that a provider took, by its answer or by evidence",
);

pub(super) const POSTPONED: Metric = Metric::counter(
    "EngagementsPostponed",
    &[&["Channel", "Reason"]],
    "attempts that were put off, such as for `quiet_hours` or `provider_busy`",
);

pub(super) const UNCONFIRMED: Metric = Metric::counter(
    "EngagementsUnconfirmed",
    &[&["Channel"]],
    "attempts that broke off with nothing recorded, so that evidence is awaited",
);

pub(super) const FAILED: Metric = Metric::counter(
    "EngagementsFailed",
    &[&["Channel"], &["Channel", "Reason"]],
    "engagements that failed: by outcome, such as `no_answer`, or `out_of_order` where the provider stayed so",
);

pub(super) const ENDED: Metric = Metric::counter(
    "EngagementsEnded",
    &[&["Channel", "Outcome"]],
    "engagements that completed, failed or were cancelled",
);

pub(super) const QUEUE_WAIT: Metric = Metric {
    name: "QueueWait",
    unit: Unit::Milliseconds,
    dimensions: &[&["Queue"]],
    meaning: "from when a queue was to bring a job until it was claimed",
    kind: Kind::Histogram,
};

pub(super) const MESSAGES_HANDED_BACK: Metric = Metric::counter(
    "MessagesHandedBack",
    &[&["Queue"]],
    "messages that a worker could not do, so that their queue brings them again",
);

pub(super) const OLDEST_DUE: Metric = Metric {
    name: "OldestDue",
    unit: Unit::Seconds,
    dimensions: &[&["Kind"]],
    meaning: "how late the most overdue engagement, delivery or batch was at the tick; 0 where none was",
    kind: Kind::Gauge,
};

pub(super) const DUE_RELEASED: Metric = Metric::counter(
    "DueReleased",
    &[&["Kind"]],
    "engagements, deliveries, batches and drafts of batches that the tick handed to their queues",
);

pub(super) const WEBHOOK_TRIES: Metric = Metric::counter(
    "WebhookTries",
    &[&["Result"]],
    "calls of webhooks: `delivered`, `refused`, `failed` (no answer) or `gone`",
);

pub(super) const WEBHOOKS_GIVEN_UP: Metric =
    Metric::counter("WebhooksGivenUp", &[&["Result"]], "deliveries that were given up, by how their last try went");

pub(super) const MAIL_EVENTS: Metric =
    Metric::counter("MailEvents", &[&["Kind"]], "what the mail service told of emails, such as `hard_bounce`");

/// Every metric.
pub const METRICS: [Metric; 14] = [
    ACCEPTED,
    START_REFUSED,
    SENT,
    POSTPONED,
    UNCONFIRMED,
    FAILED,
    ENDED,
    QUEUE_WAIT,
    MESSAGES_HANDED_BACK,
    OLDEST_DUE,
    DUE_RELEASED,
    WEBHOOK_TRIES,
    WEBHOOKS_GIVEN_UP,
    MAIL_EVENTS,
];

/// Tells the one who collects them the unit of each metric.
pub fn describe_metrics() {
    for Metric { name, unit, meaning, kind, .. } in METRICS {
        match kind {
            Kind::Counter => describe_counter!(name, unit, meaning),
            Kind::Gauge => describe_gauge!(name, unit, meaning),
            Kind::Histogram => describe_histogram!(name, unit, meaning),
        }
    }
}
