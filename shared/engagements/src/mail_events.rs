//! What SES tells of a mail: the evidence that it was taken, and what became of it (checklist M3).

use hub_models::engagement::{Engagement, Event, Outcome, Taken};
use hub_models::id::{CallSid, EngagementId};
use hub_store::StoreError;

use crate::Hub;
use crate::follow::opted_out;
use crate::transition::transition;

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
    let Some(engagement) = hub.store.engagement(event.engagement_id).await? else {
        return Ok(());
    };
    let engagement = take_as_evidence(hub, engagement, event.message_id).await?;
    let (outcome, summary, list) = match event.kind {
        MailEventKind::Taken => return Ok(()),
        MailEventKind::Bounced { permanent, reason } => (Outcome::Bounced, format!("Bounced: {reason}"), permanent),
        MailEventKind::Complained => (Outcome::Complained, "The recipient reported it as spam.".to_owned(), true),
        MailEventKind::Rejected { reason } => {
            (Outcome::Refused, format!("Rejected by the mail service: {reason}"), false)
        }
    };
    if list {
        opted_out(hub, &engagement, &summary).await?;
    }
    let ended = Event::Ended { reached: false, outcome, summary };
    transition(hub, engagement, ended, &[]).await?.map(drop).or(Ok(()))
}

/// Whatever SES says of a mail proves that it has it.
async fn take_as_evidence(hub: &Hub, engagement: Engagement, message_id: String) -> Result<Engagement, StoreError> {
    if engagement.state.is_final() {
        return Ok(engagement);
    }
    let call_sid = CallSid::Email(engagement.engagement_id);
    let delivered = Event::Delivered(Taken { provider_id: message_id, call_sid });
    let change = transition(hub, engagement.clone(), delivered, &[]).await?;
    Ok(change.map_or(engagement, |change| change.engagement))
}
