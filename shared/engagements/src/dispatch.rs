//! What a dispatcher does with a message: claim the attempt and send it, or look after one that is under way.

use hub_channels::queue::Queue;
use hub_models::batch::Batch;
use hub_models::engagement::{Claim, Content, Engagement, State};
use hub_models::id::{BatchId, EngagementId};
use hub_models::moment::Moment;
use hub_store::{Claiming, StoreError};
use serde::{Deserialize, Serialize};
use tracing::Instrument;
use uuid::Uuid;

use crate::bulk::hold_back_of;
use crate::carrier::hang_up;
use crate::follow::follow;
use crate::send::send;
use crate::spans::engagement_span;
use crate::unconfirmed::resolve;
use crate::{Hub, metrics};

/// A message of the dispatch queues: which attempt of which engagement.
///
/// It says nothing that the table does not know better, so a message that comes late, twice or never does no harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// The engagement.
    pub engagement_id: EngagementId,
    /// The attempt that the message is for.
    pub attempt: u32,
    /// When the queue was to bring it, for telling how long it waited there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Moment>,
    /// The batch that it is a row of, which may have been held or called off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_id: Option<BatchId>,
    /// Whether what it says lies beside it, so that it need not be read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub whole: bool,
}

impl Job {
    pub(crate) fn of(engagement: &Engagement, due_at: Moment) -> Self {
        Self {
            engagement_id: engagement.engagement_id,
            attempt: engagement.attempt,
            due_at: Some(due_at),
            batch_id: engagement.batch.map(|row| row.batch_id),
            whole: engagement.content.is_some(),
        }
    }
}

/// Does what is to be done for one message.
///
/// # Errors
/// When a table cannot be used. The message must then come again.
pub async fn dispatch(hub: &Hub, job: Job) -> Result<(), StoreError> {
    carry_out(hub, job).instrument(engagement_span(job.engagement_id)).await
}

async fn carry_out(hub: &Hub, job: Job) -> Result<(), StoreError> {
    let now = hub.clock.now();
    let claim = new_claim(now);
    let claiming = hub.store.claim(job.engagement_id, job.attempt, &claim);
    let (claiming, content, batch) = futures::try_join!(claiming, content(hub, job), batch(hub, job))?;
    match claiming {
        Claiming::Claimed(engagement) => match hold_back_of(batch.as_ref()) {
            Some(hold_back) => hold_back.carry_out(hub, *engagement).await,
            None => {
                metrics::waited(Queue::of(engagement.channel), job.due_at, now);
                let content = or_beside(content, &engagement);
                send(hub, *engagement, content, hub.settings.public_url.as_ref()).await.map(drop)
            }
        },
        Claiming::Refused(engagement) if engagement.attempt == job.attempt => match engagement.state {
            State::Dispatching => resolve(hub, *engagement).await,
            State::InProgress => {
                let content = or_beside(content, &engagement);
                follow(hub, *engagement, content).await
            }
            State::Cancelled if engagement.to_hang_up => hang_up(hub, *engagement).await,
            _ => Ok(()),
        },
        Claiming::Refused(_) => Ok(()),
        Claiming::Unknown => {
            tracing::warn!("a message for an engagement that is not there");
            Ok(())
        }
    }
}

async fn content(hub: &Hub, job: Job) -> Result<Option<Content>, StoreError> {
    if job.whole { Ok(None) } else { hub.store.content(job.engagement_id).await }
}

/// What the engagement says, from its own item or from beside it.
fn or_beside(content: Option<Content>, engagement: &Engagement) -> Option<Content> {
    content.or_else(|| engagement.content.as_deref().cloned())
}

async fn batch(hub: &Hub, job: Job) -> Result<Option<Batch>, StoreError> {
    match job.batch_id {
        Some(id) => hub.store.batch(id).await,
        None => Ok(None),
    }
}

/// A dispatcher's right to one attempt.
pub(crate) fn new_claim(at: Moment) -> Claim {
    Claim { id: Uuid::new_v4().simple().to_string(), at, unconfirmed_since: None }
}
