//! `/api/v1/engagements`: campaigns, and the PATCH that sends one out (checklist L2, L3).

use axum::extract::{Path, State};
use axum::http::StatusCode;
use futures::future::try_join_all;
use hub_engagements::voice::{VoiceError, all, campaign, change, remove, submit};
use hub_engagements::{Hub, bulk};
use hub_models::domain::Domain;
use hub_models::fault::FieldFault;
use hub_models::id::{AccountId, BatchId};
use hub_models::moment::Moment;
use hub_models::schedule::parse_scheduled_time;
use hub_models::voice::{
    Campaign, CampaignError, CampaignId, CampaignStatus, Delivery, Direction, Part, PartKind, ShortId, Title,
};
use hub_web::jsonapi::{
    Answer, Asked, ErrorDocument, Listing, NewResource, Sent, Tenant, Unprocessable, endpoint as json_api, id_in_path,
};
use hub_web::{ApiError, App, Endpoint};
use utoipa_axum::routes;

use crate::engagement::{EngagementDocument, EngagementList, TYPE, shown};
use crate::sent::engagements::{EngagementChange, NewEngagement};

const KIND: PartKind = PartKind::Engagements;

/// This function and its routes.
#[must_use]
pub fn endpoint() -> Endpoint {
    json_api("voice-engagements", vec![routes!(list, create), routes!(get, update, delete)])
}

/// Lists the engagements of the domain, oldest first.
#[utoipa::path(
    get, path = "/api/v1/engagements",
    responses((status = 200, body = EngagementList)),
)]
async fn list(State(hub): State<App>, tenant: Tenant, asked: Asked) -> Result<Answer, ApiError> {
    let [] = asked.filters([])?;
    let campaigns = all(&hub, &tenant.domain).await?;
    let (page, total) = asked.page_of(&campaigns);
    let page = try_join_all(page.into_iter().map(|campaign| shown(&hub, campaign))).await?;
    Listing { path: "/api/v1/engagements", asked: &asked, total }.answer(page)
}

/// Creates an engagement, to be given an activity, triggers and envelopes, and then scheduled.
#[utoipa::path(
    post, path = "/api/v1/engagements",
    request_body(content = NewEngagement, example = json!({"data": {"type": "engagements", "attributes": {
        "name": "Voice Blast", "direction": "outbound"}}})),
    responses((status = 201, body = EngagementDocument)),
)]
async fn create(State(hub): State<App>, tenant: Tenant, sent: Sent) -> Result<Answer, ApiError> {
    let now = hub.clock.now();
    let mut sent = sent.new_one(TYPE)?;
    let asked = Wanted::read(&mut sent, now);
    if asked.status.is_some_and(|status| status != CampaignStatus::Pending) {
        sent.fault("status", "must be \"pending\" for a new engagement; schedule it by PATCH.");
    }
    if asked.name.is_none() && !sent.is_at_fault("name") {
        sent.fault("name", "is required.");
    }
    let new = asked.name.clone().map(|name| new_campaign(&tenant.domain, name, now));
    let new = sent.finish(new)?;
    let new = asked.applied_to(new);
    hub.store.create_campaign(&new).await?;
    Answer::created(shown(&hub, &new).await?)
}

fn new_campaign(domain: &Domain, name: Title, now: Moment) -> Campaign {
    Campaign {
        id: CampaignId::random(),
        account_id: domain.account_id,
        domain_name: domain.domain_name.clone(),
        version: 1,
        name,
        direction: Direction::Outbound,
        is_archived: false,
        delivery: Delivery::Immediately,
        submitted_at: None,
        activity: None,
        triggers: Vec::new(),
        next_trigger: 0,
        next_envelope: 0,
        removed: Vec::new(),
        created_at: now,
        updated_at: now,
    }
}

/// What a request wants of an engagement.
#[derive(Clone)]
struct Wanted {
    name: Option<Title>,
    is_archived: Option<bool>,
    status: Option<CampaignStatus>,
    delivery: Option<Delivery>,
}

impl Wanted {
    fn read(sent: &mut NewResource, now: Moment) -> Self {
        let name = sent.line("name");
        let is_archived = sent.value("is-archived");
        let status = sent.parse("status", str::parse);
        sent.parse("direction", str::parse::<Direction>);
        let delivery = delivery(sent, now);
        Self { name, is_archived, status, delivery }
    }

    /// What is wanted of a campaign as it is now: the time of one that was submitted stays.
    fn of(&self, campaign: &Campaign, now: Moment) -> Result<Self, CampaignError> {
        if campaign.submitted_at.is_none() {
            return Ok(self.clone());
        }
        match self.delivery.is_some_and(|delivery| delivery.differs_from(campaign.delivery, now)) {
            true => Err(CampaignError::Submitted),
            false => Ok(Self { delivery: None, ..self.clone() }),
        }
    }

    fn applied_to(&self, campaign: Campaign) -> Campaign {
        Campaign {
            name: self.name.clone().unwrap_or(campaign.name),
            is_archived: self.is_archived.unwrap_or(campaign.is_archived),
            delivery: self.delivery.unwrap_or(campaign.delivery),
            ..campaign
        }
    }

    /// Whether it leaves a campaign as it is, as a client means that repeats what it knows of it.
    fn changes(&self, campaign: &Campaign) -> bool {
        self.applied_to(campaign.clone()) != *campaign
    }
}

/// When it is to go out. A time that has passed is now.
fn delivery(sent: &mut NewResource, now: Moment) -> Option<Delivery> {
    let word = sent.parse("delivery-type", |text| match text {
        "immediately" => Ok(false),
        "scheduled" => Ok(true),
        _ => Err("must be \"immediately\", or \"scheduled\" with a delivery-time."),
    });
    let given = sent.parse("delivery-time", |text| parse_scheduled_time(text, now));
    if word == Some(true) && given.is_none() && !sent.is_at_fault("delivery-time") {
        sent.fault("delivery-time", "is required where delivery-type is \"scheduled\".");
    }
    match (word, given) {
        (Some(false), _) => Some(Delivery::Immediately),
        (_, Some(at)) => Some(at.map_or(Delivery::Immediately, |at| Delivery::Scheduled { at })),
        (_, None) => None,
    }
}

/// Shows an engagement with how far it is.
#[utoipa::path(
    get, path = "/api/v1/engagements/{id}",
    params(("id" = String, Path)),
    responses((status = 200, body = EngagementDocument)),
)]
async fn get(State(hub): State<App>, tenant: Tenant, Path(path): Path<String>) -> Result<Answer, ApiError> {
    let (campaign, _) = campaign(&hub, &tenant.domain, KIND, id_in_path(TYPE, &path)?).await?;
    Answer::one(shown(&hub, &campaign).await?)
}

/// Changes an engagement, or sends it out: with status `scheduled` every envelope becomes an engagement of the hub.
///
/// Credits for all of them are debited at once. They go out at the domain's rate, from `delivery-time` on where
/// `delivery-type` is `scheduled`. Status `paused` holds a scheduled engagement, `scheduled` has it go on, and `canceled`
/// calls off what has not gone out.
#[utoipa::path(
    patch, path = "/api/v1/engagements/{id}",
    params(("id" = String, Path)),
    request_body(content = EngagementChange, example = json!({"data": {"id": "yrbCdxqV2ZMdQBCszhA7TZ",
        "type": "engagements", "attributes": {"status": "scheduled", "delivery-type": "immediately"}}})),
    responses(
        (status = 200, body = EngagementDocument, description = "It was changed."),
        (status = 202, body = EngagementDocument, description = "It is scheduled, held or called off."),
        (status = 402, body = ErrorDocument, description = "Too few credits for all envelopes; nothing was scheduled."),
        (status = 409, body = ErrorDocument, description = "The type or the id is another, or it was scheduled before."),
        (status = 503, body = ErrorDocument, description = "Engagements are paused for the domain; see Retry-After."),
    ),
)]
async fn update(
    State(hub): State<App>,
    tenant: Tenant,
    Path(path): Path<String>,
    sent: Sent,
) -> Result<Answer, ApiError> {
    let id = id_in_path(TYPE, &path)?;
    let wanted = read(sent.change_of(TYPE, id)?, hub.clock.now())?;
    let changed = changed(&hub, &tenant.domain, id, &wanted).await?;
    let moved = moved(&hub, tenant, id, &changed, wanted.status).await?;
    match moved {
        Some(moved) => Answer::accepted(shown(&hub, &moved).await?),
        None => Answer::one(shown(&hub, &changed).await?),
    }
}

fn read(mut sent: NewResource, now: Moment) -> Result<Wanted, Unprocessable> {
    let wanted = Wanted::read(&mut sent, now);
    sent.finish(Some(wanted))
}

/// The campaign with its new name and time. What was scheduled keeps its time, which may be repeated.
async fn changed(hub: &Hub, domain: &Domain, id: ShortId, wanted: &Wanted) -> Result<Campaign, ApiError> {
    let (current, _) = campaign(hub, domain, KIND, id).await?;
    let now = hub.clock.now();
    if !wanted.of(&current, now)?.changes(&current) {
        return Ok(current);
    }
    let edit = |current: Campaign, _| Ok((wanted.of(&current, now)?.applied_to(current), ()));
    let (changed, ()) = change(hub, domain, (KIND, id), edit).await?;
    Ok(changed)
}

/// The campaign after it was sent out, held, let go on or called off; none where its status was to stay.
async fn moved(
    hub: &Hub,
    tenant: Tenant,
    id: ShortId,
    campaign: &Campaign,
    wanted: Option<CampaignStatus>,
) -> Result<Option<Campaign>, ApiError> {
    let Tenant { caller, domain } = tenant;
    let (account, batch_id) = (domain.account_id, campaign.id.batch_id());
    match (wanted, campaign.submitted_at) {
        (None, _) | (Some(CampaignStatus::Pending), None) => return Ok(None),
        (Some(CampaignStatus::Scheduled), _) => {
            let submitted = submit(hub, caller, &domain, id, campaign.delivery).await;
            let submitted = submitted.map_err(|error| not_submitted(campaign, error))?;
            if campaign.submitted_at.is_some() {
                resume(hub, account, batch_id).await?;
            }
            return Ok(Some(submitted));
        }
        (Some(CampaignStatus::Paused), Some(_)) => drop(bulk::pause(hub, account, batch_id).await?),
        (Some(CampaignStatus::Canceled), Some(_)) => drop(bulk::cancel(hub, account, batch_id).await?),
        // A client that repeats what it knows.
        (Some(CampaignStatus::Processing | CampaignStatus::Completed), Some(_)) => return Ok(None),
        (Some(CampaignStatus::Pending), Some(_)) => return Err(CampaignError::Submitted.into()),
        (Some(_), None) => {
            let fault = FieldFault::invalid(
                "/data/attributes/status",
                "must be \"scheduled\" for an engagement that is pending.",
            );
            return Err(Unprocessable::from(fault).into());
        }
    }
    Ok(Some(campaign.clone()))
}

/// The most envelopes that an error names. Nobody mends more from it, and the rest have the same faults.
const MOST_NAMED: usize = 20;

/// Why nothing was submitted; envelopes are told by their ids, not by their rows.
fn not_submitted(campaign: &Campaign, error: VoiceError) -> ApiError {
    let VoiceError::Submit(bulk::SubmitError::NoRows { skipped }) = error else { return error.into() };
    let named = skipped.iter().take(MOST_NAMED).map(|row| {
        let id = campaign.id.part(Part::Envelope(row.number.saturating_sub(1)));
        format!("{id}: {}", row.reason)
    });
    let named: Vec<String> = named.collect();
    ApiError::new(StatusCode::BAD_REQUEST, format!("No envelope can be engaged. {}", named.join("; ")))
}

/// What is held goes on; what goes on or has ended stays as it is.
async fn resume(hub: &Hub, account: AccountId, batch_id: BatchId) -> Result<(), ApiError> {
    match bulk::resume(hub, account, batch_id).await {
        Ok(_) | Err(bulk::BatchError::NotNow { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Deletes an engagement that was not scheduled, with its activity, its triggers and its envelopes.
#[utoipa::path(
    delete, path = "/api/v1/engagements/{id}",
    params(("id" = String, Path)),
    responses(
        (status = 204),
        (status = 409, body = ErrorDocument, description = "It was scheduled; archive it instead."),
    ),
)]
async fn delete(State(hub): State<App>, tenant: Tenant, Path(path): Path<String>) -> Result<Answer, ApiError> {
    remove(&hub, &tenant.domain, id_in_path(TYPE, &path)?).await?;
    Ok(Answer::gone())
}
