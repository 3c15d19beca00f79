//! The direct start: accept and send within one request (checklist C3, C4).

use std::time::Duration;

use hub_models::engagement::{Engagement, State};
use hub_models::id::CallSid;
use hub_models::moment::Moment;
use hub_store::StoreError;
use tracing::Instrument;
use url::Url;

use crate::dispatch::new_claim;
use crate::enqueue::enqueue;
use crate::send::send;
use crate::spans::engagement_span;
use crate::start::{Preparation, Prepared, StartError, Submission, prepare};
use crate::{Hub, metrics};

/// What a direct start answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The provider has it.
    Initiated {
        /// The sid in the call log.
        call_sid: CallSid,
    },
    /// It goes out later.
    Queued {
        /// The sid in the call log until it is sent.
        call_sid: CallSid,
        /// When it goes out.
        scheduled_time: Moment,
    },
}

/// Why a direct start did not come about.
#[derive(Debug, thiserror::Error)]
pub enum DirectError {
    /// It was not accepted.
    #[error(transparent)]
    Start(#[from] StartError),
    /// It was accepted and failed at once; it is in the call log, and its credits are given back.
    #[error("{0}")]
    Failed(String),
    /// The same request with the same key is being sent at this moment.
    #[error("The first request with this Idempotency-Key is still being sent; ask again in a moment.")]
    StillSending,
}

impl From<StoreError> for DirectError {
    fn from(error: StoreError) -> Self {
        Self::Start(error.into())
    }
}

/// Accepts an engagement and, unless it is for later, sends it before answering. `public_url` is where the request found
/// the hub, for the links that it sends.
///
/// # Errors
/// When it cannot be accepted, or the provider refuses it for good.
pub async fn start_now(hub: &Hub, submission: Submission, public_url: Option<&Url>) -> Result<Answer, DirectError> {
    let now = hub.clock.now();
    let prepared = match prepare(hub, submission, now).await.inspect_err(metrics::start_refused)? {
        Preparation::Ready(prepared) => prepared,
        Preparation::Answered(engagement) => {
            let span = engagement_span(engagement.engagement_id);
            return answer_again(hub, *engagement).instrument(span).await;
        }
    };
    let span = engagement_span(prepared.id);
    accept_and_send(hub, prepared, public_url, now).instrument(span).await
}

async fn accept_and_send(
    hub: &Hub,
    prepared: Box<Prepared>,
    public_url: Option<&Url>,
    now: Moment,
) -> Result<Answer, DirectError> {
    let plan = prepared.plan(hub, now);
    let later = prepared.request.scheduled_time.is_some();
    let claim = (!later).then(|| new_claim(now));
    let (started, content) = prepared.accept(hub, plan, claim, now).await.inspect_err(metrics::start_refused)?;
    if !started.new {
        return answer_again(hub, started.engagement).await;
    }
    if later {
        if let Some(delay) = plan.delay {
            enqueue(hub, &started.engagement, delay).await;
        }
        return answer(hub, &started.engagement);
    }
    let accepted = started.engagement.clone();
    let sent = send(hub, started.engagement, Some(content), public_url).await;
    let engagement = sent.unwrap_or_else(|error| {
        // It is accepted and paid for, so it is not refused any more: evidence and the tick bring it to its end.
        tracing::error!(%error, "accepted, but not seen to its end");
        accepted
    });
    answer(hub, &engagement)
}

/// The first answer again: the engagement itself says what it was.
async fn answer_again(hub: &Hub, engagement: Engagement) -> Result<Answer, DirectError> {
    let mut engagement = engagement;
    for _ in 0..LOOKS {
        if !is_being_sent(hub, &engagement) {
            return answer(hub, &engagement);
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
        engagement = hub.store.engagement(engagement.engagement_id).await?.unwrap_or(engagement);
    }
    Err(DirectError::StillSending)
}

/// Whether another request holds a claim within its lease. An expired claim awaits evidence, and its request has already
/// answered queued.
fn is_being_sent(hub: &Hub, engagement: &Engagement) -> bool {
    let lease = hub.settings.pace.lease;
    let claim = engagement.claim.as_ref().filter(|_| engagement.state == State::Dispatching);
    claim.is_some_and(|claim| hub.clock.now() - claim.at < lease)
}

/// A request that comes while its twin is being sent waits for the twin's answer, about as long as a provider takes.
const LOOKS: u32 = 40;
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

fn answer(hub: &Hub, engagement: &Engagement) -> Result<Answer, DirectError> {
    if let Some(scheduled_time) = engagement.scheduled_time {
        return Ok(Answer::Queued { call_sid: CallSid::Queued(engagement.engagement_id), scheduled_time });
    }
    if engagement.provider_id.is_some() {
        return Ok(Answer::Initiated { call_sid: engagement.sid() });
    }
    if engagement.state == State::Failed {
        return Err(DirectError::Failed(engagement.summary.clone().unwrap_or_default()));
    }
    // Counted from when it was put off, so that a repetition of the request is told the same.
    let put_off_at = engagement.history.last().map_or(engagement.created_at, |last| last.started_at);
    let retried = engagement.due_at.map(|due_at| hub.settings.pace.goes_out_at(due_at, put_off_at));
    Ok(Answer::Queued {
        call_sid: CallSid::Queued(engagement.engagement_id),
        scheduled_time: retried.unwrap_or(engagement.created_at),
    })
}
