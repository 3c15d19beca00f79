//! What owners do to their engagements: pause, resume, cancel (checklist F3).

use hub_models::engagement::{Change, Engagement, Event, Refusal, State, WireStatus};
use hub_models::id::{AccountId, EngagementId};
use hub_store::StoreError;
use tracing::Instrument;

use crate::Hub;
use crate::enqueue::enqueue;
use crate::spans::engagement_span;
use crate::transition::transition;

/// Why an engagement could not be steered.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// There is none with this id on the caller's account.
    #[error("Engagement {0} was not found on this account.")]
    Unknown(EngagementId),
    /// It has ended.
    #[error("Engagement {id} is {status} and cannot be changed any more.")]
    Final {
        /// Which.
        id: EngagementId,
        /// How it ended.
        status: WireStatus,
    },
    /// A table could not be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Holds an engagement: it is not sent, or, in the middle, not answered.
///
/// # Errors
/// When it is not the account's or has ended.
pub async fn pause(hub: &Hub, account: AccountId, id: EngagementId) -> Result<(), ControlError> {
    steer(hub, account, id, Event::Pause).await.map(drop)
}

/// Lets a held engagement go on.
///
/// # Errors
/// When it is not the account's or has ended.
pub async fn resume(hub: &Hub, account: AccountId, id: EngagementId) -> Result<(), ControlError> {
    go_on(hub, account, id).instrument(engagement_span(id)).await
}

async fn go_on(hub: &Hub, account: AccountId, id: EngagementId) -> Result<(), ControlError> {
    let now = hub.clock.now();
    let engagement = owned(hub, account, id).await?;
    let at = engagement.scheduled_time.filter(|at| *at > now && engagement.state == State::Paused).unwrap_or(now);
    let plan = hub.settings.pace.plan(at, now);
    let change = carry_out(hub, engagement, Event::Resume { due_at: plan.due_at }).await?;
    // A row that waits for its batch has no date yet, and goes on waiting.
    let change = change.filter(|change| change.engagement.due_at.is_some());
    if let (Some(change), Some(delay)) = (change, plan.delay) {
        enqueue(hub, &change.engagement, delay).await;
    }
    Ok(())
}

/// Calls an engagement off. A live call is hung up; a mail that has left cannot be taken back.
///
/// # Errors
/// When it is not the account's or has ended otherwise.
pub async fn cancel(hub: &Hub, account: AccountId, id: EngagementId) -> Result<(), ControlError> {
    steer(hub, account, id, Event::Cancel).await.map(drop)
}

async fn steer(hub: &Hub, account: AccountId, id: EngagementId, event: Event) -> Result<Option<Change>, ControlError> {
    let steered = async {
        let engagement = owned(hub, account, id).await?;
        carry_out(hub, engagement, event).await
    };
    steered.instrument(engagement_span(id)).await
}

async fn owned(hub: &Hub, account: AccountId, id: EngagementId) -> Result<Engagement, ControlError> {
    let engagement = hub.store.engagement(id).await?;
    engagement.filter(|engagement| engagement.account_id == account).ok_or(ControlError::Unknown(id))
}

async fn carry_out(hub: &Hub, engagement: Engagement, event: Event) -> Result<Option<Change>, ControlError> {
    let id = engagement.engagement_id;
    match transition(hub, engagement, event, &[]).await? {
        Ok(change) => Ok(Some(change)),
        Err(Refusal::AlreadySo) => Ok(None),
        Err(Refusal::Final(state) | Refusal::NotNow(state)) => Err(ControlError::Final { id, status: state.wire() }),
    }
}
