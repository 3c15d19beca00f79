//! Accepting an engagement: every dialect ends here (DESIGN §4).

mod fits;
mod prepare;

use std::sync::Arc;

use hub_auth::Caller;
use hub_models::channel::Channel;
use hub_models::domain::Domain;
use hub_models::engagement::Engagement;
use hub_models::fault::Faults;
use hub_models::id::EngagementId;
use hub_models::moment::Moment;
use hub_models::start::StartRequest;
use hub_store::StoreError;
use tracing::Instrument;

pub(crate) use self::fits::fits;
use self::prepare::admit;
pub(crate) use self::prepare::{Preparation, Prepared, prepare};
use crate::access::AccessError;
use crate::enqueue::enqueue;
use crate::idempotency::IdempotencyKey;
use crate::spans::{concerns, engagement_span};
use crate::{Hub, metrics};

/// A start request with whom it comes from.
pub struct Submission {
    /// Who asks.
    pub caller: Caller,
    /// What is asked.
    pub request: StartRequest,
    /// The route it came by; the same key on another route is another key.
    pub route: &'static str,
    /// The caller's idempotency key.
    pub key: Option<IdempotencyKey>,
    /// What tells the request from another.
    pub request_hash: String,
}

/// An engagement that was accepted, now or by an earlier request with the same key.
#[derive(Clone, Debug)]
pub struct Started {
    /// The engagement.
    pub engagement: Engagement,
    /// Whether this request made it.
    pub new: bool,
}

/// Why an engagement was not accepted. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The domain is not the caller's.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The domain's engagements are paused.
    #[error("Engagements are paused for domain \"{0}\"; try again later or have them resumed.")]
    Paused(hub_models::domain::DomainName),
    /// What is asked does not go together with the domain's setup.
    #[error("{0}")]
    Unfit(#[from] Faults),
    /// The contact must not be engaged.
    #[error("{contact} is on the do-not-contact list for {channel}: {reason}")]
    DoNotContact {
        /// The contact.
        contact: String,
        /// The channel.
        channel: Channel,
        /// Why it is on the list.
        reason: String,
    },
    /// The account cannot pay for it.
    #[error("The account has too few credits: this engagement costs {price}. Add credits and try again.")]
    TooFewCredits {
        /// What it costs.
        price: u64,
    },
    /// The idempotency key came with another request before.
    #[error("This Idempotency-Key was used with another request in the last 24 hours; use a new key.")]
    KeyReused,
    /// A table could not be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Accepts an engagement and hands it to its dispatcher.
///
/// # Errors
/// When it cannot be accepted; nothing is changed then.
pub async fn start(hub: &Hub, submission: Submission) -> Result<Started, StartError> {
    let now = hub.clock.now();
    let prepared = match prepare(hub, submission, now).await.inspect_err(metrics::start_refused)? {
        Preparation::Ready(prepared) => prepared,
        Preparation::Answered(engagement) => {
            concerns(engagement.engagement_id);
            return Ok(Started { engagement: *engagement, new: false });
        }
    };
    let span = engagement_span(prepared.id);
    accept_and_enqueue(hub, prepared, now).instrument(span).await
}

async fn accept_and_enqueue(hub: &Hub, prepared: Box<Prepared>, now: Moment) -> Result<Started, StartError> {
    let plan = prepared.plan(hub, now);
    let (started, _) = prepared.accept(hub, plan, None, now).await.inspect_err(metrics::start_refused)?;
    if let (true, Some(delay)) = (started.new, plan.delay) {
        enqueue(hub, &started.engagement, delay).await;
    }
    Ok(started)
}

/// Accepts an engagement that the hub itself makes for a domain, under an id that says what for: once, however often.
pub(crate) async fn start_own(
    hub: &Hub,
    id: EngagementId,
    domain: Arc<Domain>,
    request: StartRequest,
) -> Result<Started, StartError> {
    if let Some(engagement) = hub.store.engagement(id).await? {
        return Ok(Started { engagement, new: false });
    }
    let now = hub.clock.now();
    let prepared = admit(hub, id, domain, request, String::new()).await.inspect_err(metrics::start_refused)?;
    accept_and_enqueue(hub, Box::new(prepared), now).instrument(engagement_span(id)).await
}
