//! What SES tells of a mail: the evidence that it was taken, and what became of it (checklist M3).

use hub_models::do_not_contact::{AddedBy, Reason, Scope};
use hub_models::engagement::{Engagement, Event, Outcome, Taken};
use hub_models::id::{CallSid, EngagementId};
use hub_store::StoreError;
use tracing::Instrument;

use crate::do_not_contact::close;
use crate::spans::engagement_span;
use crate::transition::transition;
use crate::{Hub, metrics};

/// One event of one mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailEvent {
    /// The engagement that the mail was tagged with.
    pub engagement_id: EngagementId,
    /// SES's own id of the mail.
    pub message_id: String,
    /// What happened.
    pub kind: MailEventKind,
}

/// What can happen to a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailEventKind {
    /// SES took it, or passed it on.
    Taken,
    /// The other side does not take it yet; SES goes on trying.
    Delayed {
        /// What the other side said.
        reason: String,
    },
    /// It came back; for good, where the mailbox is not there.
    Bounced {
        /// Whether the address will never work.
        permanent: bool,
        /// What the other side said.
        reason: String,
    },
    /// The recipient called it spam.
    Complained,
    /// SES took it and then would not send it.
    Rejected {
        /// Why.
        reason: String,
    },
}

/// Records an event. It may come twice, out of order, and before the answer that it confirms.
///
/// # Errors
/// When a table cannot be used. The event must then come again.
pub async fn record_mail_event(hub: &Hub, event: MailEvent) -> Result<(), StoreError> {
    let span = engagement_span(event.engagement_id);
    record(hub, event).instrument(span).await
}

async fn record(hub: &Hub, event: MailEvent) -> Result<(), StoreError> {
    let Some(engagement) = hub.store.engagement(event.engagement_id).await? else {
        return Ok(());
    };
    metrics::mail_event(&event.kind);
    let engagement = take_as_evidence(hub, engagement, event.message_id).await?;
    if let Some(reason) = closing_reason(&event.kind) {
        close(hub, &engagement, Scope::Email, AddedBy::MailService, reason).await?;
    }
    let (outcome, summary) = match event.kind {
        MailEventKind::Taken => return Ok(()),
        MailEventKind::Delayed { reason } => {
            let detail = format!("The mail service has not been able to deliver it yet: {reason}");
            return transition(hub, engagement, Event::Noted { detail }, &[]).await?.map(drop).or(Ok(()));
        }
        MailEventKind::Bounced { reason, .. } => (Outcome::Bounced, format!("Bounced: {reason}")),
        MailEventKind::Complained => (Outcome::Complained, "The recipient reported it as spam.".to_owned()),
        MailEventKind::Rejected { reason } => (Outcome::Refused, format!("Rejected by the mail service: {reason}")),
    };
    let ended = Event::Ended { reached: false, outcome, summary };
    transition(hub, engagement, ended, &[]).await?.map(drop).or(Ok(()))
}

/// Why no more mail goes to the address, where none does.
fn closing_reason(kind: &MailEventKind) -> Option<Reason> {
    match kind {
        MailEventKind::Bounced { permanent: true, reason } => {
            Some(Reason::beginning(&format!("Hard bounce: {reason}")))
        }
        MailEventKind::Complained => Some(Reason::beginning("Reported as spam.")),
        MailEventKind::Bounced { permanent: false, .. }
        | MailEventKind::Delayed { .. }
        | MailEventKind::Taken
        | MailEventKind::Rejected { .. } => None,
    }
}

/// Whatever SES says of a mail proves that it has it.
async fn take_as_evidence(hub: &Hub, engagement: Engagement, message_id: String) -> Result<Engagement, StoreError> {
    if engagement.state.is_final() {
        return Ok(engagement);
    }
    let call_sid = CallSid::Email(engagement.engagement_id);
    let delivered = Event::Delivered(Taken { provider_id: message_id, call_sid });
    match transition(hub, engagement.clone(), delivered, &[]).await? {
        Ok(change) => Ok(change.engagement),
        // Someone else was faster: what the event tells besides is decided on what they wrote.
        Err(_) => Ok(hub.store.engagement(engagement.engagement_id).await?.unwrap_or(engagement)),
    }
}
