//! `/api/v1/activities`: the way in which an engagement engages its contacts (checklist L2).

use axum::extract::{Path, State};
use hub_engagements::Hub;
use hub_engagements::voice::{all, campaign, change, email_ids, phone_numbers};
use hub_models::domain::Domain;
use hub_models::fault::FieldFault;
use hub_models::voice::{
    Activity, ActivityKind, CallerId, Campaign, KeptKind, Part, PartKind, ShortId, Template, Title,
};
use hub_web::jsonapi::{
    Answer, Asked, ErrorDocument, Listing, NewResource, Resource, Sent, Tenant, Timestamp, ToMany, ToOne,
    Unprocessable, endpoint as json_api, id_in_path,
};
use hub_web::{ApiError, App, Endpoint, json_api_documents};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::related::{campaign_for, kept_for, not_there};
use crate::sent::activities::{ActivityChange, NewActivity};

const KIND: PartKind = PartKind::Activities;
const TYPE: &str = KIND.as_str();

/// This function and its routes.
#[must_use]
pub fn endpoint() -> Endpoint {
    json_api("voice-activities", vec![routes!(list, create), routes!(get, update, delete)])
}

/// What an activity is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
struct ActivityAttributes {
    /// What people call it.
    #[schema(example = "Voice Blast")]
    name: String,
    /// `voice`, `text` or `email`.
    #[schema(value_type = String, example = "voice")]
    kind: ActivityKind,
    /// Always 0: the hub tries again by itself what a carrier could not take.
    retry_attempts: u32,
    /// Always false.
    best_call_time_is_enabled: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// What an activity belongs to and says.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
struct ActivityRelationships {
    engagement: ToOne,
    caller_id: ToOne,
    phone_number: ToOne,
    email_id: ToOne,
    text_template: ToOne,
    email_template: ToOne,
    triggers: ToMany,
}

type Shown = Resource<ActivityAttributes, ActivityRelationships>;

json_api_documents!(ActivityResource, ActivityDocument, ActivityList: ActivityAttributes, ActivityRelationships);

fn shown(campaign: &Campaign, activity: &Activity) -> Shown {
    let attributes = ActivityAttributes {
        name: activity.name.to_string(),
        kind: activity.kind,
        retry_attempts: 0,
        best_call_time_is_enabled: false,
        created_at: activity.created_at.into(),
        updated_at: activity.updated_at.into(),
    };
    let id = campaign.id.part(Part::Activity);
    Resource::new(TYPE, id, attributes, relationships(campaign, activity, id))
}

fn relationships(campaign: &Campaign, activity: &Activity, id: ShortId) -> ActivityRelationships {
    let of = |kind: ActivityKind, related: Option<ShortId>| related.filter(|_| activity.kind == kind);
    let triggers = campaign.triggers.iter().map(|trigger| campaign.id.part(Part::Trigger(trigger.number)));
    ActivityRelationships {
        engagement: ToOne::to("engagements", campaign.id.part(Part::Campaign)),
        caller_id: ToOne::to("caller-ids", of(ActivityKind::Voice, activity.sender)),
        phone_number: ToOne::to("phone-numbers", of(ActivityKind::Text, activity.sender)),
        email_id: ToOne::to("email-ids", of(ActivityKind::Email, activity.sender)),
        text_template: ToOne::to("text-templates", of(ActivityKind::Text, activity.template)),
        email_template: ToOne::to("email-templates", of(ActivityKind::Email, activity.template)),
        triggers: ToMany::to("triggers", triggers).listed_by("triggers", "activity.id", id),
    }
}

/// Lists activities: of all engagements of the domain, or of one.
#[utoipa::path(
    get, path = "/api/v1/activities",
    params(("filter[engagement.id]" = Option<String>, Query, description = "Of this engagement, as eq:ID.")),
    responses((status = 200, body = ActivityList)),
)]
async fn list(State(hub): State<App>, tenant: Tenant, asked: Asked) -> Result<Answer, ApiError> {
    let [engagement] = asked.filters(["engagement.id"])?;
    let campaigns = match engagement {
        Some(id) => vec![campaign(&hub, &tenant.domain, PartKind::Engagements, id).await?.0],
        None => all(&hub, &tenant.domain).await?,
    };
    let activities = campaigns.iter().filter_map(|campaign| Some(shown(campaign, campaign.activity.as_ref()?)));
    let (page, total) = asked.page_of(activities);
    Listing { path: "/api/v1/activities", asked: &asked, total }.answer(page)
}

/// Creates the activity of an engagement.
///
/// A voice activity needs a verified caller id. A text activity says its text template, an email activity its email
/// template.
#[utoipa::path(
    post, path = "/api/v1/activities",
    request_body(content = NewActivity, example = json!({"data": {"type": "activities",
        "attributes": {"name": "Voice Blast", "kind": "voice"}, "relationships": {
            "engagement": {"data": {"type": "engagements", "id": "cu8Eo9RyrUsV4MXEiDZpLM"}},
            "caller-id": {"data": {"type": "caller-ids", "id": "Lv8UgucPVGWcwZd9Hre9dn"}}}}})),
    responses(
        (status = 201, body = ActivityDocument),
        (status = 409, body = ErrorDocument, description = "The type is another, or the engagement has an activity or was scheduled."),
        (status = 422, body = ErrorDocument, description = "A value cannot be taken, or the caller id is not verified."),
    ),
)]
async fn create(State(hub): State<App>, tenant: Tenant, sent: Sent) -> Result<Answer, ApiError> {
    let mut sent = sent.new_one(TYPE)?;
    let name: Option<Title> = sent.line("name");
    let kind = sent.required("kind", str::parse::<ActivityKind>);
    let engagement = sent.required_related("engagement", "engagements");
    let made_of = kind.map(|kind| MadeOf::read(&mut sent, kind));
    read_others(&mut sent);
    let read = kind.zip(engagement).zip(made_of);
    let ((kind, engagement), made_of) = sent.finish(read)?;
    let at = ("/data/relationships/engagement", engagement);
    let campaign = campaign_for(&hub, &tenant.domain, PartKind::Engagements, at).await?;
    made_of.check(&hub, &tenant, kind).await?;
    let now = hub.clock.now();
    let activity = Activity {
        name: name.unwrap_or(campaign.name),
        kind,
        sender: made_of.sender,
        template: made_of.template,
        created_at: now,
        updated_at: now,
    };
    let with = |current: Campaign, _| Ok((current.with_activity(activity.clone())?, ()));
    let (changed, ()) = change(&hub, &tenant.domain, (PartKind::Engagements, engagement), with).await?;
    Answer::created(shown(&changed, &activity))
}

/// Whom an activity is from and what it says.
struct MadeOf {
    sender: Option<ShortId>,
    template: Option<ShortId>,
}

/// The relationships in which an activity of this kind names its sender and its template.
const fn named_in(kind: ActivityKind) -> ((&'static str, &'static str), Option<(&'static str, &'static str)>) {
    match kind {
        ActivityKind::Voice => (("caller-id", "caller-ids"), None),
        ActivityKind::Text => (("phone-number", "phone-numbers"), Some(("text-template", "text-templates"))),
        ActivityKind::Email => (("email-id", "email-ids"), Some(("email-template", "email-templates"))),
    }
}

/// What the activity's kind has no use for must still be right.
fn read_others(sent: &mut NewResource) {
    for (sender, template) in ActivityKind::ALL.iter().map(|kind| named_in(*kind)) {
        for (name, of) in [Some(sender), template].into_iter().flatten() {
            sent.related(name, of);
        }
    }
}

impl MadeOf {
    fn read(sent: &mut NewResource, kind: ActivityKind) -> Self {
        let ((name, of), template) = named_in(kind);
        // A call shows a number; text messages and emails are from the domain's own where none is named.
        let sender = match kind {
            ActivityKind::Voice => sent.required_related(name, of),
            ActivityKind::Text | ActivityKind::Email => sent.related(name, of),
        };
        Self { sender, template: template.and_then(|(name, of)| sent.related(name, of)) }
    }

    /// What a change makes of it. Null is the domain's own sender, and no template.
    fn changed(sent: &mut NewResource, current: &Activity) -> Self {
        let ((name, of), template) = named_in(current.kind);
        let sender = match current.kind {
            ActivityKind::Voice => sent.changed_required_related(name, of, current.sender),
            ActivityKind::Text | ActivityKind::Email => sent.changed_related(name, of, current.sender),
        };
        Self { sender, template: template.and_then(|(name, of)| sent.changed_related(name, of, current.template)) }
    }

    /// Whether all of it is there.
    async fn check(&self, hub: &Hub, tenant: &Tenant, kind: ActivityKind) -> Result<(), ApiError> {
        let domain = &tenant.domain;
        if let (ActivityKind::Voice, Some(id)) = (kind, self.sender) {
            let at = ("/data/relationships/caller-id", id);
            let caller_id: CallerId = kept_for(hub, domain, KeptKind::CallerIds, at).await?;
            if !caller_id.is_verified(tenant.caller.is_test()) {
                let detail = "caller-id is not verified; send its code to /api/v1/caller-ids/{id}/verify first.";
                return Err(Unprocessable::from(FieldFault::invalid(at.0, detail)).into());
            }
        }
        let ((name, of), template) = named_in(kind);
        let senders = match kind {
            ActivityKind::Voice => return Ok(()),
            ActivityKind::Text => phone_numbers(hub, domain),
            ActivityKind::Email => email_ids(domain),
        };
        if let Some(id) = self.sender.filter(|id| senders.iter().all(|sender| sender.id != *id)) {
            return Err(not_there(of, (&format!("/data/relationships/{name}"), id)));
        }
        match template.zip(self.template) {
            Some(((name, of), id)) => template_for(hub, domain, kind, (name, of, id)).await,
            None => Ok(()),
        }
    }
}

/// Whether the template that a relationship names is there.
async fn template_for(
    hub: &Hub,
    domain: &Domain,
    kind: ActivityKind,
    (name, of, id): (&str, &str, ShortId),
) -> Result<(), ApiError> {
    let pointer = format!("/data/relationships/{name}");
    if kind == ActivityKind::Text {
        return kept_for::<Template>(hub, domain, KeptKind::TextTemplates, (&pointer, id)).await.map(drop);
    }
    let found = hub.store.template(&domain.domain_name, Uuid::from(id).into()).await?;
    found.map(drop).ok_or_else(|| not_there(of, (&pointer, id)))
}

/// Shows an activity.
#[utoipa::path(
    get, path = "/api/v1/activities/{id}",
    params(("id" = String, Path)),
    responses((status = 200, body = ActivityDocument)),
)]
async fn get(State(hub): State<App>, tenant: Tenant, Path(path): Path<String>) -> Result<Answer, ApiError> {
    let (campaign, activity) = find(&hub, &tenant.domain, id_in_path(TYPE, &path)?).await?;
    Answer::one(shown(&campaign, &activity))
}

async fn find(hub: &Hub, domain: &Domain, id: ShortId) -> Result<(Campaign, Activity), ApiError> {
    let (campaign, _) = campaign(hub, domain, KIND, id).await?;
    // It is found by its activity, so it has one.
    let activity = campaign.activity.clone();
    activity.map(|activity| (campaign, activity)).ok_or_else(|| ApiError::not_found("There is no such activity."))
}

/// Changes an activity of an engagement that was not scheduled. Its kind stays.
///
/// `phone-number` or `email-id` to null is the domain's own again. Without a template it cannot be scheduled.
#[utoipa::path(
    patch, path = "/api/v1/activities/{id}",
    params(("id" = String, Path)),
    request_body(content = ActivityChange, example = json!({"data": {
        "type": "activities", "id": "cu8Eo9RyrUsV4MXEiDZpLM", "attributes": {"name": "Weekly Specials"}}})),
    responses(
        (status = 200, body = ActivityDocument),
        (status = 409, body = ErrorDocument, description = "The type or the id is another, or the engagement was scheduled."),
        (status = 422, body = ErrorDocument, description = "A value cannot be taken, or the caller id is not verified."),
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
    sent.stays_related("engagement", "engagements", campaign.id.part(Part::Campaign));
    let name: Option<Title> = sent.line("name");
    let kind = sent.parse("kind", str::parse::<ActivityKind>);
    if kind.is_some_and(|kind| kind != current.kind) {
        sent.fault("kind", "stays as it is; delete the activity and create another.");
    }
    let made_of = MadeOf::changed(&mut sent, &current);
    read_others(&mut sent);
    sent.finish(Some(()))?;
    made_of.check(&hub, &tenant, current.kind).await?;
    let updated_at = hub.clock.now();
    let changed = Activity {
        name: name.unwrap_or_else(|| current.name.clone()),
        sender: made_of.sender,
        template: made_of.template,
        updated_at,
        ..current
    };
    let edit = |campaign: Campaign, _| {
        campaign.open()?;
        Ok((Campaign { activity: Some(changed.clone()), ..campaign }, ()))
    };
    let (campaign, ()) = change(&hub, &tenant.domain, (KIND, id), edit).await?;
    Answer::one(shown(&campaign, &changed))
}

/// Deletes the activity of an engagement that was not scheduled, with its triggers.
#[utoipa::path(
    delete, path = "/api/v1/activities/{id}",
    params(("id" = String, Path)),
    responses(
        (status = 204),
        (status = 409, body = ErrorDocument, description = "The engagement was scheduled."),
    ),
)]
async fn delete(State(hub): State<App>, tenant: Tenant, Path(path): Path<String>) -> Result<Answer, ApiError> {
    let without = |campaign: Campaign, _| {
        campaign.open()?;
        Ok((Campaign { activity: None, triggers: Vec::new(), ..campaign }, ()))
    };
    change(&hub, &tenant.domain, (KIND, id_in_path(TYPE, &path)?), without).await?;
    Ok(Answer::gone())
}
