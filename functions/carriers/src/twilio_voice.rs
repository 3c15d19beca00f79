//! `POST /carriers/twilio/voice/answer`, `/turn` and `/dialled`: a call that goes on, step by step (checklist M5).

use axum::extract::State;
use axum::http::StatusCode;
use hub_engagements::carrier::take_as_evidence;
use hub_engagements::ivr_scenario;
use hub_engagements::talk::{CallStep, TalkError, Then, answered, heard, transfer_ended};
use hub_models::carrier::Spoken;
use hub_models::channel::Language;
use hub_models::engagement::{Content, Engagement, State as Stands};
use hub_models::scenario::ScenarioCall;
use hub_models::talk::AnsweredBy;
use hub_web::{ApiError, App, Endpoint, Problem};
use utoipa_axum::routes;

use crate::call_step::{ANSWERED_BY, Spoke};
use crate::callback::Callback;
use crate::twiml::Twiml;

/// This function and its routes.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("carriers-twilio-voice", routes!(answer)).and(routes!(turn)).and(routes!(dialled))
}

/// Says what a call begins with, once it is taken; after the beep, where a machine has taken it. It is signed by the account
/// of the engagement's domain.
#[utoipa::path(
    post, path = "/carriers/twilio/voice/answer", tag = "Carriers",
    params(
        ("engagement_id" = String, Query, description = "The engagement, as the hub has put it into the address."),
        ("attempt" = u32, Query, description = "The attempt."),
    ),
    responses(
        (status = 200, content_type = "text/xml", body = String, description = "What to say and do, as TwiML."),
        (status = 403, body = Problem, description = "Not the carrier of the engagement's domain, or no such engagement."),
    )
)]
async fn answer(State(hub): State<App>, callback: Callback) -> Result<Twiml, ApiError> {
    let Some(call) = Call::of(&hub, callback).await? else { return Ok(hang_up()) };
    let by = AnsweredBy::read(&call.answered_by());
    if let Some(scenario) = ivr_scenario(&call.engagement, call.content.as_ref()) {
        return match call.engagement.state {
            Stands::OnHold => call.goes_on(&hub, Ok(CallStep { say: Vec::new(), then: Then::Wait { turn: 0 } })).await,
            state if state.is_final() => Ok(hang_up()),
            _ => Ok(handed_to(&scenario)),
        };
    }
    let step = answered(&hub, call.engagement.engagement_id, call.engagement.attempt, by).await;
    let scripts = call.content.as_ref().and_then(|content| content.scripts.as_ref());
    match (step, scripts) {
        (Ok(step), Some(scripts)) if begins(&step) => Ok(call.spoke(&hub).await?.scripted(scripts.said_to(by))),
        (step, _) => call.goes_on(&hub, step).await,
    }
}

/// Whether the contact is told what the call is about: one that is held waits, and one that has ended is over.
fn begins(step: &CallStep) -> bool {
    !step.say.is_empty() && !matches!(step.then, Then::Wait { .. })
}

/// The scenario of an IVR project speaks from here on: Twilio asks it what to do.
fn handed_to(scenario: &ScenarioCall) -> Twiml {
    Twiml::default().text("Redirect", &[("method", "POST")], scenario.address().as_str())
}

/// Takes what the contact has said, and says what comes then. The same turn has the same answer. It is signed by the account of
/// the engagement's domain.
#[utoipa::path(
    post, path = "/carriers/twilio/voice/turn", tag = "Carriers",
    params(
        ("engagement_id" = String, Query, description = "The engagement, as the hub has put it into the address."),
        ("attempt" = u32, Query, description = "The attempt."),
        ("turn" = u32, Query, description = "The turn."),
    ),
    responses(
        (status = 200, content_type = "text/xml", body = String, description = "What to say and do, as TwiML."),
        (status = 403, body = Problem, description = "Not the carrier of the engagement's domain, or no such engagement."),
    )
)]
async fn turn(State(hub): State<App>, callback: Callback) -> Result<Twiml, ApiError> {
    let number = callback.parameter("turn").and_then(|turn| turn.parse().ok()).unwrap_or_default();
    let speech = callback.form.get("SpeechResult").map(str::to_owned);
    let Some(call) = Call::of(&hub, callback).await? else { return Ok(hang_up()) };
    let public_url = call.callback.public_url()?;
    let step = heard(&hub, call.engagement.engagement_id, (number, speech.as_deref()), Some(public_url)).await;
    call.goes_on(&hub, step).await
}

/// Goes on after the agent was dialled: the contact is told where nobody answered. It is signed by the account of the
/// engagement's domain.
#[utoipa::path(
    post, path = "/carriers/twilio/voice/dialled", tag = "Carriers",
    params(
        ("engagement_id" = String, Query, description = "The engagement, as the hub has put it into the address."),
        ("attempt" = u32, Query, description = "The attempt."),
    ),
    responses(
        (status = 200, content_type = "text/xml", body = String, description = "What to say and do, as TwiML."),
        (status = 403, body = Problem, description = "Not the carrier of the engagement's domain, or no such engagement."),
    )
)]
async fn dialled(State(hub): State<App>, callback: Callback) -> Result<Twiml, ApiError> {
    let reached = matches!(callback.form.get("DialCallStatus"), Some("completed" | "answered"));
    let Some(call) = Call::of(&hub, callback).await? else { return Ok(hang_up()) };
    let step = transfer_ended(&hub, call.engagement.engagement_id, reached).await;
    call.goes_on(&hub, step).await
}

fn hang_up() -> Twiml {
    Twiml::default().empty("Hangup", &[])
}

/// The call of an engagement, as its callback tells.
struct Call {
    engagement: Engagement,
    content: Option<Content>,
    callback: Callback,
}

impl Call {
    /// Nothing where it is not the call that counts: nobody talks to two of them.
    async fn of(hub: &App, callback: Callback) -> Result<Option<Self>, ApiError> {
        let Some(sid) = callback.form.get("CallSid") else { return Ok(None) };
        let Some(engagement) = take_as_evidence(hub, callback.engagement.clone(), sid).await? else { return Ok(None) };
        let content = match engagement.content.as_deref() {
            Some(content) => Some(content.clone()),
            None => hub.store.content(engagement.engagement_id).await?,
        };
        Ok(Some(Self { engagement, content, callback }))
    }

    /// Who or what has answered, in Twilio's word.
    fn answered_by(&self) -> String {
        let told = self.callback.form.get("AnsweredBy").map(str::to_owned);
        told.or_else(|| self.callback.parameter(ANSWERED_BY)).unwrap_or_default()
    }

    async fn goes_on(&self, hub: &App, step: Result<CallStep, TalkError>) -> Result<Twiml, ApiError> {
        let step = match step {
            Ok(step) => step,
            Err(TalkError::Store(error)) => return Err(error.into()),
            Err(error @ (TalkError::Unknown(_) | TalkError::NotYet(_))) => {
                return Err(ApiError::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string()));
            }
        };
        Ok(self.spoke(hub).await?.twiml(&step))
    }

    /// How what is said in this call is put to Twilio.
    async fn spoke(&self, hub: &App) -> Result<Spoke<'_>, ApiError> {
        let domain = hub.store.domain_cached(&self.engagement.domain_name).await?;
        let caller = domain.and_then(|domain| domain.carrier.as_ref()?.voice_from.clone());
        let spoken = Spoken::of(self.content.as_ref().map_or(Language::En, |content| content.language));
        let (public_url, answered_by) = (self.callback.public_url()?, self.answered_by());
        Ok(Spoke { engagement: &self.engagement, spoken, public_url, caller, answered_by })
    }
}
