//! `/api/v1/envelopes`: the contacts of an engagement, one or up to a thousand at once (checklist L2, L3).

use axum::extract::{Path, State};
use axum::http::StatusCode;
use hub_engagements::Hub;
use hub_engagements::voice::{ShownEnvelope, add, all, campaign, change, change_envelope, envelope, page_of_envelopes};
use hub_models::contact::{EmailAddress, PhoneNumber};
use hub_models::domain::Domain;
use hub_models::fault::{Faults, FieldFault};
use hub_models::moment::Moment;
use hub_models::voice::{ActivityKind, Campaign, CampaignId, Envelope, Part, PartKind, Recipient, ShortId, variables};
use hub_web::jsonapi::{
    Answer, Asked, ErrorDocument, Listing, NewResource, OneOrMany, Sent, Tenant, Unprocessable, endpoint as json_api,
    id_in_path,
};
use hub_web::{ApiError, App, Endpoint};
use serde_json::{Map, Value};
use utoipa_axum::routes;

use crate::envelope::{EnvelopeDocument, EnvelopeList, MadeEnvelopes, ShownEnvelopeResource, TYPE, shown};
use crate::related::campaign_for;
use crate::sent::envelopes::{EnvelopeChange, NewEnvelopes};

/// The most envelopes of one request.
pub(crate) const MOST: usize = 1_000;

/// The most bytes of `meta`, as JSON: a thousand envelopes are written as one.
const META_LIMIT: usize = 2_048;

const KIND: PartKind = PartKind::Envelopes;

/// This function and its routes.
#[must_use]
pub fn endpoint() -> Endpoint {
    json_api("voice-envelopes", vec![routes!(list, create), routes!(get, update, delete)])
}

/// Lists envelopes with what became of them: of all engagements of the domain, or of one.
#[utoipa::path(
    get, path = "/api/v1/envelopes",
    params(("filter[engagement.id]" = Option<String>, Query, description = "Of this engagement, as eq:ID.")),
    responses((status = 200, body = EnvelopeList)),
)]
async fn list(State(hub): State<App>, tenant: Tenant, asked: Asked) -> Result<Answer, ApiError> {
    let [engagement] = asked.filters(["engagement.id"])?;
    let campaigns = match engagement {
        Some(id) => vec![campaign(&hub, &tenant.domain, PartKind::Engagements, id).await?.0],
        None => all(&hub, &tenant.domain).await?,
    };
    let total: u32 = campaigns.iter().map(Campaign::envelopes).sum();
    let page = page_of_envelopes(&hub, &campaigns, asked.places()).await?;
    let page = page.into_iter().map(|(campaign, one)| shown(campaign, one)).collect();
    let total = usize::try_from(total).unwrap_or(usize::MAX);
    Listing { path: "/api/v1/envelopes", asked: &asked, total }.answer(page)
}

/// Creates one envelope, or up to 1,000 of one engagement: all of them, or none where one cannot be taken.
///
/// `meta` fills the variables of templates: `first-name` is `{{first-name}}` there.
#[utoipa::path(
    post, path = "/api/v1/envelopes",
    request_body(content = NewEnvelopes, content_type = "application/vnd.api+json; ext=bulk", example = json!({"data": [{
        "type": "envelopes",
        "attributes": {"phone-number": "+15197566220", "meta": {"first-name": "Alexander", "last-name": "Bell"}},
        "relationships": {"engagement": {"data": {"type": "engagements", "id": "yrbCdxqV2ZMdQBCszhA7TZ"}}}}]})),
    responses(
        (status = 201, body = MadeEnvelopes, description = "The envelope, or a list of them where a list was sent."),
        (status = 409, body = ErrorDocument, description = "The type is another, or the engagement was scheduled."),
        (status = 413, body = ErrorDocument, description = "The body is larger than 4 MB."),
        (status = 422, body = ErrorDocument, description = "A value cannot be taken; each has a pointer to its envelope."),
    ),
)]
async fn create(State(hub): State<App>, tenant: Tenant, sent: Sent) -> Result<Answer, ApiError> {
    match sent.new_ones(TYPE, MOST)? {
        OneOrMany::One(one) => {
            let (campaign, mut made) = make(&hub, &tenant.domain, vec![*one]).await?;
            let made = made.pop().ok_or_else(|| ApiError::internal("an envelope was made and is not there"))?;
            Answer::created(new(&campaign, made))
        }
        OneOrMany::Many(many) => {
            let (campaign, made) = make(&hub, &tenant.domain, many).await?;
            Answer::created_together(made.into_iter().map(|one| new(&campaign, one)).collect())
        }
    }
}

fn new(campaign: &Campaign, envelope: Envelope) -> ShownEnvelopeResource {
    shown(campaign, ShownEnvelope { envelope, engagement: None, skipped: None })
}

/// Puts these envelopes into their engagement.
async fn make(hub: &Hub, domain: &Domain, sent: Vec<NewResource>) -> Result<(Campaign, Vec<Envelope>), ApiError> {
    let mut sent = sent;
    let related: Vec<_> = sent.iter_mut().map(|one| one.required_related("engagement", "engagements")).collect();
    let Some(engagement) = related.iter().copied().flatten().next() else {
        return Err(read_all(sent, None, hub.clock.now()).map_or_else(|error| error, |_| unreadable()));
    };
    if let Some(other) = related.iter().position(|id| id.is_some_and(|id| id != engagement)) {
        let pointer = format!("{}/data/id", sent[other].relationship("engagement"));
        let fault = FieldFault::invalid(pointer, "must be the same for all envelopes of one request.");
        return Err(Unprocessable::from(fault).into());
    }
    let pointer = sent.first().map(|one| one.relationship("engagement")).unwrap_or_default();
    let found = campaign_for(hub, domain, PartKind::Engagements, (&pointer, engagement)).await?;
    let kind = found.activity.as_ref().map(|activity| activity.kind);
    let envelopes = read_all(sent, kind, hub.clock.now())?;
    Ok(add(hub, domain, engagement, envelopes).await?)
}

fn unreadable() -> ApiError {
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "An envelope needs the relationship engagement.")
}

/// All envelopes, or every fault of any of them.
fn read_all(sent: Vec<NewResource>, kind: Option<ActivityKind>, now: Moment) -> Result<Vec<Envelope>, ApiError> {
    let (mut envelopes, mut faults) = (Vec::with_capacity(sent.len()), Faults::default());
    for one in sent {
        match read(one, kind, now) {
            Ok(envelope) => envelopes.push(envelope),
            Err(Unprocessable(its)) => faults.append(its),
        }
    }
    if faults.is_empty() { Ok(envelopes) } else { Err(Unprocessable(faults).into()) }
}

fn read(mut sent: NewResource, kind: Option<ActivityKind>, now: Moment) -> Result<Envelope, Unprocessable> {
    let recipient = Recipient {
        phone_number: sent.parse("phone-number", PhoneNumber::parse_lenient),
        email_address: sent.parse("email-address", str::parse::<EmailAddress>),
    };
    require(&mut sent, &recipient, kind);
    let meta = meta(&mut sent).unwrap_or_default();
    sent.finish(Some(Envelope { number: 0, recipient, meta, created_at: now, updated_at: now }))
}

/// What the activity needs must be there; without an activity, either.
fn require(sent: &mut NewResource, recipient: &Recipient, kind: Option<ActivityKind>) {
    let needed = match kind {
        Some(kind) if recipient.contact(kind).is_none() => Recipient::needed(kind),
        None if recipient.phone_number.is_none() && recipient.email_address.is_none() => "phone-number",
        _ => return,
    };
    if !sent.is_at_fault("phone-number") && !sent.is_at_fault("email-address") {
        sent.fault(needed, "is required.");
    }
}

fn meta(sent: &mut NewResource) -> Option<Map<String, Value>> {
    let meta: Map<String, Value> = sent.value("meta")?;
    if serde_json::to_string(&meta).map_or(true, |json| json.len() > META_LIMIT) {
        sent.fault("meta", format!("must have at most {META_LIMIT} bytes as JSON."));
        return None;
    }
    sent.keep_all("meta", variables("meta", &meta))?;
    Some(meta)
}

/// Shows an envelope with what became of it.
#[utoipa::path(
    get, path = "/api/v1/envelopes/{id}",
    params(("id" = String, Path)),
    responses((status = 200, body = EnvelopeDocument)),
)]
async fn get(State(hub): State<App>, tenant: Tenant, Path(path): Path<String>) -> Result<Answer, ApiError> {
    let (campaign, one) = envelope(&hub, &tenant.domain, id_in_path(TYPE, &path)?).await?;
    Answer::one(shown(&campaign, one))
}

/// Changes an envelope of an engagement that was not scheduled.
#[utoipa::path(
    patch, path = "/api/v1/envelopes/{id}",
    params(("id" = String, Path)),
    request_body(content = EnvelopeChange, example = json!({"data": {
        "type": "envelopes", "id": "cu8Eo9RyrUsV4MXEiDZpLM", "attributes": {"meta": {"first-name": "Alec"}}}})),
    responses(
        (status = 200, body = EnvelopeDocument),
        (status = 409, body = ErrorDocument, description = "The type or the id is another, or the engagement was scheduled."),
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
    sent.stays_related("engagement", "engagements", CampaignId::of(id).0.part(Part::Campaign));
    let changes = changes(sent)?;
    let edit = |_: &Campaign, current: Envelope| Ok(changes.applied_to(current));
    let (campaign, changed) = change_envelope(&hub, &tenant.domain, id, edit).await?;
    Answer::one(new(&campaign, changed))
}

/// What of an envelope is to be another.
struct Changes {
    recipient: Recipient,
    meta: Option<Map<String, Value>>,
}

fn changes(mut sent: NewResource) -> Result<Changes, Unprocessable> {
    let recipient = Recipient {
        phone_number: sent.parse("phone-number", PhoneNumber::parse_lenient),
        email_address: sent.parse("email-address", str::parse::<EmailAddress>),
    };
    let meta = meta(&mut sent);
    sent.finish(Some(Changes { recipient, meta }))
}

impl Changes {
    fn applied_to(&self, envelope: Envelope) -> Envelope {
        let Recipient { phone_number, email_address } = self.recipient.clone();
        let recipient = Recipient {
            phone_number: phone_number.or(envelope.recipient.phone_number),
            email_address: email_address.or(envelope.recipient.email_address),
        };
        Envelope { recipient, meta: self.meta.clone().unwrap_or(envelope.meta), ..envelope }
    }
}

/// Takes an envelope out of an engagement that was not scheduled.
#[utoipa::path(
    delete, path = "/api/v1/envelopes/{id}",
    params(("id" = String, Path)),
    responses(
        (status = 204),
        (status = 409, body = ErrorDocument, description = "The engagement was scheduled."),
    ),
)]
async fn delete(State(hub): State<App>, tenant: Tenant, Path(path): Path<String>) -> Result<Answer, ApiError> {
    let id: ShortId = id_in_path(TYPE, &path)?;
    let without = |campaign: Campaign, part| match part {
        Part::Envelope(number) => Ok((campaign.without_envelope(number)?, ())),
        Part::Campaign | Part::Activity | Part::Trigger(_) => Ok((campaign, ())),
    };
    change(&hub, &tenant.domain, (KIND, id), without).await?;
    Ok(Answer::gone())
}
