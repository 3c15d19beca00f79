//! `/api/v1/triggers`: what happens in a call, and when (checklist L2).

use axum::extract::{Path, State};
use hub_engagements::Hub;
use hub_engagements::voice::{all, campaign, change};
use hub_models::contact::PhoneNumber;
use hub_models::domain::Domain;
use hub_models::fault::FieldFault;
use hub_models::moment::Moment;
use hub_models::voice::{
    ActivityKind, Campaign, KeptKind, Part, PartKind, ShortId, Template, Trigger, TriggerAction, TriggerEvent,
    TriggerKind,
};
use hub_web::jsonapi::{
    Answer, Asked, ErrorDocument, Listing, NewResource, Resource, Sent, Tenant, Timestamp, ToMany, ToOne,
    Unprocessable, endpoint as json_api, id_in_path,
};
use hub_web::{ApiError, App, Endpoint, json_api_documents};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::related::{campaign_for, kept_for};
use crate::sent::triggers::{NewTrigger, TriggerChange};

const KIND: PartKind = PartKind::Triggers;
const TYPE: &str = KIND.as_str();

/// The longest wait before a trigger acts, in seconds.
const LONGEST_DELAY: u8 = 60;

/// How often a template is spoken again at most.
const MOST_REPEATS: u8 = 10;

/// This function and its routes.
#[must_use]
pub fn endpoint() -> Endpoint {
    json_api("voice-triggers", vec![routes!(list, create), routes!(get, update, delete)])
}

/// What a trigger is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
struct TriggerAttributes {
    /// `say`, `dial`, `pause` or `hangup`.
    #[schema(value_type = String, example = "say")]
    kind: TriggerKind,
    /// `voice-answered`, `voice-human` or `voice-machine`.
    #[schema(value_type = String, example = "voice-human")]
    on_event: TriggerEvent,
    /// How long it waits before it acts.
    delay_in_seconds: u8,
    /// How often it speaks again after the first time.
    r#loop: u8,
    /// Whom `dial` connects the contact with.
    phone_number: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// What a trigger belongs to and speaks.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
struct TriggerRelationships {
    activity: ToOne,
    voice_template: ToOne,
    parent: ToOne,
    children: ToMany,
}

type Shown = Resource<TriggerAttributes, TriggerRelationships>;

json_api_documents!(TriggerResource, TriggerDocument, TriggerList: TriggerAttributes, TriggerRelationships);

fn shown(campaign: &Campaign, trigger: &Trigger) -> Shown {
    let (template, number) = match &trigger.action {
        TriggerAction::Say { template } => (Some(*template), None),
        TriggerAction::Dial { number } => (None, Some(number.to_string())),
        TriggerAction::Pause | TriggerAction::Hangup => (None, None),
    };
    let attributes = TriggerAttributes {
        kind: trigger.action.kind(),
        on_event: trigger.event,
        delay_in_seconds: trigger.delay_in_seconds,
        r#loop: trigger.repeats,
        phone_number: number,
        created_at: trigger.created_at.into(),
        updated_at: trigger.updated_at.into(),
    };
    let relationships = TriggerRelationships {
        activity: ToOne::to("activities", campaign.id.part(Part::Activity)),
        voice_template: ToOne::to("voice-templates", template),
        parent: ToOne::to(TYPE, None),
        children: ToMany::to(TYPE, None),
    };
    Resource::new(TYPE, campaign.id.part(Part::Trigger(trigger.number)), attributes, relationships)
}

/// Lists triggers: of all activities of the domain, or of one.
#[utoipa::path(
    get, path = "/api/v1/triggers",
    params(("filter[activity.id]" = Option<String>, Query, description = "Of this activity, as eq:ID.")),
    responses((status = 200, body = TriggerList)),
)]
async fn list(State(hub): State<App>, tenant: Tenant, asked: Asked) -> Result<Answer, ApiError> {
    let [activity] = asked.filters(["activity.id"])?;
    let campaigns = match activity {
        Some(id) => vec![campaign(&hub, &tenant.domain, PartKind::Activities, id).await?.0],
        None => all(&hub, &tenant.domain).await?,
    };
    let each =
        |campaign: &'_ Campaign| campaign.triggers.iter().map(|trigger| shown(campaign, trigger)).collect::<Vec<_>>();
    let (page, total) = asked.page_of(campaigns.iter().flat_map(each));
    Listing { path: "/api/v1/triggers", asked: &asked, total }.answer(page)
}

/// Creates a trigger of a voice activity. Triggers of one event act in the order in which they were made.
///
/// `say` needs a voice template, `dial` a `phone-number`. Who answers decides between voice-human and voice-machine;
/// voice-answered comes before either.
#[utoipa::path(
    post, path = "/api/v1/triggers",
    request_body(content = NewTrigger, example = json!({"data": {"type": "triggers",
        "attributes": {"kind": "say", "on-event": "voice-machine"}, "relationships": {
            "activity": {"data": {"type": "activities", "id": "cu8Eo9RyrUsV4MXEiDZpLM"}},
            "voice-template": {"data": {"type": "voice-templates", "id": "RyrUsV4MXEicu8Eo9DZpLM"}}}}})),
    responses(
        (status = 201, body = TriggerDocument),
        (status = 409, body = ErrorDocument, description = "The type is another, or the engagement was scheduled."),
        (status = 422, body = ErrorDocument, description = "A value cannot be taken or is not served."),
    ),
)]
async fn create(State(hub): State<App>, tenant: Tenant, sent: Sent) -> Result<Answer, ApiError> {
    let (activity, trigger) = read(sent.new_one(TYPE)?, hub.clock.now())?;
    let at = ("/data/relationships/activity", activity);
    let found = campaign_for(&hub, &tenant.domain, PartKind::Activities, at).await?;
    if found.activity.is_some_and(|activity| activity.kind != ActivityKind::Voice) {
        let fault =
            FieldFault::invalid("/data/relationships/activity", "must be a voice activity; no other has triggers.");
        return Err(Unprocessable::from(fault).into());
    }
    check_template(&hub, &tenant.domain, &trigger).await?;
    let with = |current: Campaign, _| Ok(current.with_trigger(trigger.clone())?);
    let (changed, number) = change(&hub, &tenant.domain, (PartKind::Activities, activity), with).await?;
    Answer::created(shown(&changed, &Trigger { number, ..trigger }))
}

fn read(mut sent: NewResource, now: Moment) -> Result<(ShortId, Trigger), Unprocessable> {
    let event = sent.required("on-event", str::parse::<TriggerEvent>);
    let kind = sent.required("kind", str::parse::<TriggerKind>);
    let delay = sent.number("delay-in-seconds", LONGEST_DELAY).unwrap_or(1);
    let repeats = sent.number("loop", MOST_REPEATS).unwrap_or(0);
    let activity = sent.required_related("activity", "activities");
    refuse_parent(&mut sent);
    let action = kind.and_then(|kind| action(&mut sent, kind));
    // What its kind has no use for must still be right.
    sent.parse("phone-number", PhoneNumber::parse_lenient);
    sent.related("voice-template", "voice-templates");
    let trigger = event.zip(action).map(|(event, action)| Trigger {
        number: 0,
        event,
        action,
        delay_in_seconds: delay,
        repeats,
        created_at: now,
        updated_at: now,
    });
    sent.finish(activity.zip(trigger))
}

fn refuse_parent(sent: &mut NewResource) {
    if sent.related("parent", TYPE).is_some() {
        sent.related_fault("parent", "is not served; triggers of one event act one after the other.");
    }
}

fn action(sent: &mut NewResource, kind: TriggerKind) -> Option<TriggerAction> {
    match kind {
        TriggerKind::Say => {
            let template = sent.required_related("voice-template", "voice-templates")?;
            Some(TriggerAction::Say { template })
        }
        TriggerKind::Dial => {
            let number = sent.required("phone-number", PhoneNumber::parse_lenient)?;
            Some(TriggerAction::Dial { number })
        }
        TriggerKind::Pause => Some(TriggerAction::Pause),
        TriggerKind::Hangup => Some(TriggerAction::Hangup),
    }
}

async fn check_template(hub: &Hub, domain: &Domain, trigger: &Trigger) -> Result<(), ApiError> {
    if let TriggerAction::Say { template } = trigger.action {
        let at = ("/data/relationships/voice-template", template);
        kept_for::<Template>(hub, domain, KeptKind::VoiceTemplates, at).await?;
    }
    Ok(())
}

/// Shows a trigger.
#[utoipa::path(
    get, path = "/api/v1/triggers/{id}",
    params(("id" = String, Path)),
    responses((status = 200, body = TriggerDocument)),
)]
async fn get(State(hub): State<App>, tenant: Tenant, Path(path): Path<String>) -> Result<Answer, ApiError> {
    let (campaign, trigger) = find(&hub, &tenant.domain, id_in_path(TYPE, &path)?).await?;
    Answer::one(shown(&campaign, &trigger))
}

async fn find(hub: &Hub, domain: &Domain, id: ShortId) -> Result<(Campaign, Trigger), ApiError> {
    let (campaign, part) = campaign(hub, domain, KIND, id).await?;
    let trigger = match part {
        Part::Trigger(number) => campaign.trigger(number).cloned(),
        Part::Campaign | Part::Activity | Part::Envelope(_) => None,
    };
    // It is found by its trigger, so it has it.
    trigger.map(|trigger| (campaign, trigger)).ok_or_else(|| ApiError::not_found("There is no such trigger."))
}

/// Changes a trigger of an engagement that was not scheduled. Its kind stays.
#[utoipa::path(
    patch, path = "/api/v1/triggers/{id}",
    params(("id" = String, Path)),
    request_body(content = TriggerChange, example = json!({"data": {
        "type": "triggers", "id": "cu8Eo9RyrUsV4MXEiDZpLM", "attributes": {"delay-in-seconds": 3, "loop": 1}}})),
    responses(
        (status = 200, body = TriggerDocument),
        (status = 409, body = ErrorDocument, description = "The type or the id is another, or the engagement was scheduled."),
        (status = 422, body = ErrorDocument, description = "A value cannot be taken or is not served."),
    ),
)]
async fn update(
    State(hub): State<App>,
    tenant: Tenant,
    Path(path): Path<String>,
    sent: Sent,
) -> Result<Answer, ApiError> {
    let id = id_in_path(TYPE, &path)?;
    let mut sent = sent.change_of(TYPE, id)?;
    let (campaign, current) = find(&hub, &tenant.domain, id).await?;
    sent.stays_related("activity", "activities", campaign.id.part(Part::Activity));
    let changed = changed(sent, current, hub.clock.now())?;
    check_template(&hub, &tenant.domain, &changed).await?;
    let edit = |mut campaign: Campaign, _| {
        campaign.open()?;
        campaign.triggers.iter_mut().filter(|one| one.number == changed.number).for_each(|one| *one = changed.clone());
        Ok((campaign, ()))
    };
    let (campaign, ()) = change(&hub, &tenant.domain, (KIND, id), edit).await?;
    Answer::one(shown(&campaign, &changed))
}

fn changed(mut sent: NewResource, current: Trigger, now: Moment) -> Result<Trigger, Unprocessable> {
    refuse_parent(&mut sent);
    let kind = sent.parse("kind", str::parse::<TriggerKind>);
    if kind.is_some_and(|kind| kind != current.action.kind()) {
        sent.fault("kind", "stays as it is; delete the trigger and create another.");
    }
    let event = sent.parse("on-event", str::parse).unwrap_or(current.event);
    let delay_in_seconds = sent.number("delay-in-seconds", LONGEST_DELAY).unwrap_or(current.delay_in_seconds);
    let repeats = sent.number("loop", MOST_REPEATS).unwrap_or(current.repeats);
    let action = changed_action(&mut sent, current.action);
    // What its kind has no use for must still be right.
    sent.parse("phone-number", PhoneNumber::parse_lenient);
    sent.related("voice-template", "voice-templates");
    sent.finish(Some(Trigger { event, action, delay_in_seconds, repeats, updated_at: now, ..current }))
}

fn changed_action(sent: &mut NewResource, current: TriggerAction) -> TriggerAction {
    match current {
        TriggerAction::Say { template: before } => {
            let template = sent.changed_required_related("voice-template", "voice-templates", Some(before));
            TriggerAction::Say { template: template.unwrap_or(before) }
        }
        TriggerAction::Dial { number: before } => {
            let number = sent.parse("phone-number", PhoneNumber::parse_lenient);
            TriggerAction::Dial { number: number.unwrap_or(before) }
        }
        TriggerAction::Pause | TriggerAction::Hangup => current,
    }
}

/// Deletes a trigger of an engagement that was not scheduled.
#[utoipa::path(
    delete, path = "/api/v1/triggers/{id}",
    params(("id" = String, Path)),
    responses(
        (status = 204),
        (status = 409, body = ErrorDocument, description = "The engagement was scheduled."),
    ),
)]
async fn delete(State(hub): State<App>, tenant: Tenant, Path(path): Path<String>) -> Result<Answer, ApiError> {
    let without = |mut campaign: Campaign, part| {
        campaign.open()?;
        campaign.triggers.retain(|trigger| part != Part::Trigger(trigger.number));
        Ok((campaign, ()))
    };
    change(&hub, &tenant.domain, (KIND, id_in_path(TYPE, &path)?), without).await?;
    Ok(Answer::gone())
}
