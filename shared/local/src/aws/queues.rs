//! The hub's queues, as template.yaml declares them for AWS.

/// Seconds for which a received message is hidden.
pub(super) const VISIBILITY_TIMEOUT: i64 = 180;

/// How often a message is received before it goes to the dead-letter queue.
pub(super) const MAX_RECEIVES: i64 = 5;

/// The queue that SES events come to.
pub(super) const EMAIL_EVENTS: &str = "email-events";

/// Every queue that has a dead-letter queue, which is named `<name>-dlq`.
const SOURCES: [&str; 6] =
    ["send-email", "send-message", "place-call", "deliver-webhook", "release-batch", EMAIL_EVENTS];

/// A queue and where its messages go that nobody could handle.
#[derive(Clone, Debug)]
pub(super) struct Queue {
    pub(super) name: String,
    pub(super) dead_letters: Option<String>,
}

/// All queues, dead-letter queues included.
pub(super) fn all() -> impl Iterator<Item = Queue> {
    SOURCES.into_iter().flat_map(|name| {
        let dead_letters = format!("{name}-dlq");
        let source = Queue { name: name.to_owned(), dead_letters: Some(dead_letters.clone()) };
        [source, Queue { name: dead_letters, dead_letters: None }]
    })
}

/// The URL by which the SDK calls for a queue.
pub(super) fn url(name: &str) -> String {
    format!("https://sqs.us-east-1.amazonaws.com/000000000000/{name}")
}

/// The ARN of a queue.
pub(super) fn arn(name: &str) -> String {
    format!("arn:aws:sqs:us-east-1:000000000000:{name}")
}
