//! SES's events of a mail, one for each message of the queue `email-events` (checklist M3).

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use hub_engagements::{Hub, MailEvent, MailEventKind, record_mail_event};
use hub_models::id::EngagementId;
use hub_runtime::{WorkError, Worker};
use serde::Deserialize;

/// This function and its queue.
#[must_use]
pub fn worker() -> Worker {
    Worker::new("carriers-email-events", "email-events", work)
}

fn work(hub: Arc<Hub>, body: String) -> BoxFuture<'static, Result<(), WorkError>> {
    async move {
        let envelope: Envelope = serde_json::from_str(&body)?;
        match envelope.detail.into_event() {
            Some(event) => Ok(record_mail_event(&hub, event).await?),
            None => Ok(()),
        }
    }
    .boxed()
}

/// An event as EventBridge wraps it.
#[derive(Deserialize)]
struct Envelope {
    detail: Detail,
}

/// An event as SES publishes it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    event_type: String,
    mail: Mail,
    bounce: Option<Bounce>,
    reject: Option<Reason>,
    delivery_delay: Option<Delay>,
    failure: Option<RenderingFailure>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mail {
    message_id: String,
    #[serde(default)]
    tags: Tags,
}

#[derive(Default, Deserialize)]
struct Tags {
    #[serde(default)]
    engagement_id: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bounce {
    bounce_type: String,
    #[serde(default)]
    bounced_recipients: Vec<Recipient>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recipient {
    diagnostic_code: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Delay {
    delay_type: Option<String>,
    #[serde(default)]
    delayed_recipients: Vec<Recipient>,
}

#[derive(Deserialize)]
struct Reason {
    reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RenderingFailure {
    error_message: Option<String>,
}

impl Detail {
    /// The event, unless the mail is no engagement's: others may send with the same configuration set.
    fn into_event(self) -> Option<MailEvent> {
        let engagement_id: EngagementId = self.mail.tags.engagement_id.first()?.parse().ok()?;
        let kind = match self.event_type.as_str() {
            "Send" | "Delivery" | "Open" | "Click" => MailEventKind::Taken,
            "DeliveryDelay" => delayed(self.delivery_delay),
            "Bounce" => bounced(self.bounce),
            "Complaint" => MailEventKind::Complained,
            "Reject" => rejected(self.reject.and_then(|reject| reject.reason)),
            "Rendering Failure" => rejected(self.failure.and_then(|failure| failure.error_message)),
            _ => return None,
        };
        Some(MailEvent { engagement_id, message_id: self.mail.message_id, kind })
    }
}

fn bounced(bounce: Option<Bounce>) -> MailEventKind {
    let permanent = bounce.as_ref().is_some_and(|bounce| bounce.bounce_type == "Permanent");
    let said = bounce.into_iter().flat_map(|bounce| bounce.bounced_recipients).find_map(|one| one.diagnostic_code);
    let reason =
        said.unwrap_or_else(|| if permanent { "the mailbox does not exist" } else { "try again later" }.to_owned());
    MailEventKind::Bounced { permanent, reason }
}

fn delayed(delay: Option<Delay>) -> MailEventKind {
    let (kind, recipients) = delay.map_or((None, Vec::new()), |delay| (delay.delay_type, delay.delayed_recipients));
    let said = recipients.into_iter().find_map(|one| one.diagnostic_code);
    MailEventKind::Delayed { reason: said.or(kind).unwrap_or_else(|| "no reason was given".to_owned()) }
}

fn rejected(reason: Option<String>) -> MailEventKind {
    MailEventKind::Rejected { reason: reason.unwrap_or_else(|| "no reason was given".to_owned()) }
}
