//! What a dispatcher does with a message: claim the attempt and send it, or look after one that is under way.

use hub_models::engagement::{Claim, Engagement, State};
use hub_models::id::EngagementId;
use hub_models::moment::Moment;
use hub_store::{Claiming, StoreError};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Hub;
use crate::follow::follow;
use crate::send::send;
use crate::unconfirmed::resolve;

/// A message of the dispatch queues: which attempt of which engagement.
///
/// It says nothing that the table does not know better, so a message that comes late, twice or never does no harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// The engagement.
    pub engagement_id: EngagementId,
    /// The attempt that the message is for.
    pub attempt: u32,
}

impl Job {
    pub(crate) fn of(engagement: &Engagement) -> Self {
        Self { engagement_id: engagement.engagement_id, attempt: engagement.attempt }
    }
}

/// Does what is to be done for one message.
///
/// # Errors
/// When a table cannot be used. The message must then come again.
pub async fn dispatch(hub: &Hub, job: Job) -> Result<(), StoreError> {
    let claim = new_claim(hub.clock.now());
    let claiming = hub.store.claim(job.engagement_id, job.attempt, &claim);
    let (claiming, content) = futures::try_join!(claiming, hub.store.content(job.engagement_id))?;
    match claiming {
        Claiming::Claimed(engagement) => send(hub, *engagement, content).await.map(drop),
        Claiming::Refused(engagement) if engagement.attempt == job.attempt => match engagement.state {
            State::Dispatching => resolve(hub, *engagement).await,
            State::InProgress => follow(hub, *engagement, content).await,
            _ => Ok(()),
        },
        Claiming::Refused(_) => Ok(()),
        Claiming::Unknown => {
            tracing::warn!(engagement_id = %job.engagement_id, "a message for an engagement that is not there");
            Ok(())
        }
    }
}

/// A dispatcher's right to one attempt.
pub(crate) fn new_claim(at: Moment) -> Claim {
    Claim { id: Uuid::new_v4().simple().to_string(), at, unconfirmed_since: None }
}
