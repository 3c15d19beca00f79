//! `POST /_local/contacts/{contact}/…`: plays a contact of the simulator by hand. Only the hub on one machine has it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use hub_engagements::Hub;
use hub_engagements::talk::{
    HandError, Played, TalkError, Then, decline_by_hand, hang_up_by_hand, pick_up_by_hand, reply_by_hand,
};
use hub_models::channel::Channel;
use hub_models::contact::Contact;
use hub_models::domain::DomainName;
use hub_models::fault::{Faults, FieldFault};
use hub_models::text::Instruction;
use hub_web::{ApiError, Body, Fields, Given};
use serde::Deserialize;
use serde_json::{Value, json};

/// What a contact is played with.
#[derive(Clone)]
struct Stage {
    hub: Arc<Hub>,
    /// The domain where none is named.
    demo: DomainName,
}

/// The routes, for whoever runs this machine: they ask for no key.
pub(crate) fn router(hub: Arc<Hub>, demo: DomainName) -> Router {
    let router = Router::new()
        .route("/_local/contacts/{contact}/play", post(play))
        .route("/_local/contacts/{contact}/reply", post(reply))
        .route("/_local/contacts/{contact}/answer", post(answer))
        .route("/_local/contacts/{contact}/decline", post(decline))
        .route("/_local/contacts/{contact}/hang-up", post(hang_up));
    hub_web::finished(router.with_state(Stage { hub, demo }))
}

/// What is done, and where.
#[derive(Deserialize)]
struct Doing {
    #[serde(default)]
    domain_name: Given<String>,
    #[serde(default)]
    channel: Given<String>,
    #[serde(default)]
    text: Given<String>,
}

async fn play(State(stage): State<Stage>, Path(contact): Path<String>) -> Result<Json<Value>, ApiError> {
    let contact = read(&contact, Channel::Phone)?;
    stage.hub.simulator.play_by_hand(&contact);
    Ok(Json(json!({"contact": contact.as_str(), "played_by": "hand"})))
}

async fn reply(
    State(stage): State<Stage>,
    Path(contact): Path<String>,
    Body(doing): Body<Doing>,
) -> Result<Json<Value>, ApiError> {
    let mut fields = Fields::default();
    let domain = fields.parse("domain_name", doing.domain_name, str::parse).unwrap_or(stage.demo);
    let channel = fields.required("channel", doing.channel, str::parse::<Channel>);
    if channel == Some(Channel::Email) {
        fields.fault("channel", "must be phone, sms, wmsg or wvoice.");
    }
    let text = fields.long_text("text", doing.text) as Option<Instruction>;
    if text.is_none() && !fields.is_at_fault("text") {
        fields.missing("text");
    }
    let (channel, text) = fields.finish(channel.zip(text))?;
    let contact = read(&contact, channel)?;
    told(reply_by_hand(&stage.hub, &domain, channel, &contact, text.as_str()).await)
}

async fn answer(
    State(stage): State<Stage>,
    Path(contact): Path<String>,
    Body(doing): Body<Doing>,
) -> Result<Json<Value>, ApiError> {
    let (domain, contact) = call(stage.demo, &contact, doing)?;
    told(pick_up_by_hand(&stage.hub, &domain, &contact).await)
}

async fn decline(
    State(stage): State<Stage>,
    Path(contact): Path<String>,
    Body(doing): Body<Doing>,
) -> Result<Json<Value>, ApiError> {
    let (domain, contact) = call(stage.demo, &contact, doing)?;
    told(decline_by_hand(&stage.hub, &domain, &contact).await)
}

async fn hang_up(
    State(stage): State<Stage>,
    Path(contact): Path<String>,
    Body(doing): Body<Doing>,
) -> Result<Json<Value>, ApiError> {
    let (domain, contact) = call(stage.demo, &contact, doing)?;
    told(hang_up_by_hand(&stage.hub, &domain, &contact).await)
}

/// Whose call something is done in.
fn call(demo: DomainName, contact: &str, doing: Doing) -> Result<(DomainName, Contact), ApiError> {
    let mut fields = Fields::default();
    let domain = fields.parse("domain_name", doing.domain_name, str::parse).unwrap_or(demo);
    let domain = fields.finish(Some(domain))?;
    Ok((domain, read(contact, Channel::Phone)?))
}

fn read(contact: &str, channel: Channel) -> Result<Contact, ApiError> {
    Contact::parse(contact, channel).map_err(|error| {
        let mut faults = Faults::default();
        faults.push(FieldFault::invalid("contact", error.to_string()));
        ApiError::invalid(&faults)
    })
}

fn told(played: Result<Played, HandError>) -> Result<Json<Value>, ApiError> {
    let Played { engagement_id, said, then } = played.map_err(problem)?;
    let then = then.map(|then| match then {
        Then::Listen { .. } => "listens",
        Then::HangUp => "hung up",
        Then::Wait { .. } => "takes a moment; say it again",
        Then::Transfer { .. } => "transfers",
    });
    Ok(Json(json!({"engagement_id": engagement_id, "said": said, "then": then})))
}

fn problem(error: HandError) -> ApiError {
    match error {
        HandError::NoCall(_) | HandError::Talk(TalkError::Unknown(_)) => ApiError::not_found(error.to_string()),
        HandError::Rings | HandError::Talk(TalkError::NotYet(_)) => {
            ApiError::new(StatusCode::CONFLICT, error.to_string())
        }
        HandError::Talk(TalkError::Store(error)) => ApiError::internal(error.to_string()),
    }
}
