//! Handing an answered call to the scenario of the IVR project that has triggered it (checklist K1).

use hub_models::engagement::{Content, Engagement, Event, Refusal};
use hub_models::scenario::ScenarioCall;
use hub_store::StoreError;

use crate::Hub;
use crate::transition::transition;

/// What the history says as soon as a call is handed over. It is said once, and whoever says it makes the call.
const HANDED_OVER: &str = "Answered; handed to its scenario.";

/// What hands the call of this engagement to its scenario; none where no IVR project has triggered it.
#[must_use]
pub fn ivr_scenario(engagement: &Engagement, content: Option<&Content>) -> Option<ScenarioCall> {
    let unique_id = engagement.trigger.as_ref()?.unique_id;
    Some(content?.scenario.as_ref()?.call(unique_id))
}

/// What a call in test mode comes to: nothing leaves.
const NOT_IN_TEST_MODE: &str = "In test mode its scenario is not called.";

/// What became of handing a call over.
pub(crate) enum HandedOver {
    /// It was done, now or before; the engagement as it then stands, and how it went, in words.
    Done(Box<Engagement>, String),
    /// Another is doing it at this moment.
    ByAnother,
}

/// Hands an answered call to its scenario, at most once: like a provider, it is called by whoever was first to write that
/// they would.
pub(crate) async fn hand_to_scenario(
    hub: &Hub,
    engagement: Engagement,
    call: &ScenarioCall,
) -> Result<HandedOver, StoreError> {
    if engagement.test_mode {
        return Ok(HandedOver::Done(Box::new(engagement), NOT_IN_TEST_MODE.to_owned()));
    }
    let handing = Event::Noted { detail: HANDED_OVER.to_owned() };
    match transition(hub, engagement.clone(), handing, &[]).await? {
        Ok(change) => {
            let how = post(hub, call).await?;
            Ok(HandedOver::Done(Box::new(change.engagement), how))
        }
        Err(Refusal::AlreadySo) => Ok(after_another(hub, engagement)),
        Err(Refusal::Final(_) | Refusal::NotNow(_)) => Ok(HandedOver::ByAnother),
    }
}

/// Whoever said it has had the time to do it, or broke off.
fn after_another(hub: &Hub, engagement: Engagement) -> HandedOver {
    let said = engagement.history.iter().find(|entry| entry.detail.as_deref() == Some(HANDED_OVER));
    let lease = hub.settings.pace.lease;
    match said {
        Some(entry) if hub.clock.now() - entry.started_at >= lease => {
            HandedOver::Done(Box::new(engagement), "Nobody knows whether its scenario took the call.".to_owned())
        }
        Some(_) | None => HandedOver::ByAnother,
    }
}

async fn post(hub: &Hub, call: &ScenarioCall) -> Result<String, StoreError> {
    let body = serde_json::to_vec(&call.told).map_err(|error| StoreError::Unreadable(error.to_string()))?;
    let outcome = hub.webhooks.post_unsigned(call.url.url(), hub.clock.now(), body).await;
    tracing::info!(status_code = outcome.status_code, milliseconds = outcome.duration_ms, "handed to its scenario");
    Ok(match outcome.error {
        None => "Its scenario took the call.".to_owned(),
        Some(error) => format!("Its scenario did not take the call: {error}"),
    })
}
