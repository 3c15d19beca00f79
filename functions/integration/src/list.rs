//! `GET /integration/engagements`: the engagements of a domain, newest first (checklist F4).

use axum::Json;
use axum::extract::State;
use hub_engagements::domain_of;
use hub_models::channel::{Channel, EngagementType};
use hub_models::domain::DomainName;
use hub_models::engagement::{Engagement, Outcome, WireStatus};
use hub_models::id::{CallSid, EngagementId};
use hub_models::moment::Moment;
use hub_models::start::Source;
use hub_store::{EngagementFilter, Page};
use hub_web::{
    ApiError, App, Authorized, Endpoint, Engagements, Fields, Paging, Problem, QueryFields, read_contact, read_time,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("integration-list", routes!(handle))
}

/// A page of engagements.
#[derive(Serialize, ToSchema)]
struct Listing {
    /// The engagements, newest first.
    engagements: Vec<Listed>,
    /// Send it as `cursor` for the next page; null after the last. A page may be short and still have one.
    next_cursor: Option<String>,
}

/// An engagement in a list.
#[derive(Serialize, ToSchema)]
struct Listed {
    #[schema(value_type = String, example = "eng_a1b2c3d4e5f6789012345678")]
    engagement_id: EngagementId,
    #[schema(value_type = String, example = "Completed")]
    status: WireStatus,
    #[schema(value_type = Option<String>, example = "delivered")]
    outcome: Option<Outcome>,
    #[schema(value_type = String, example = "email")]
    channel: Channel,
    #[serde(rename = "type")]
    #[schema(value_type = String, example = "informational")]
    engagement_type: EngagementType,
    #[schema(example = "customer@example.com")]
    contact_identifier: String,
    #[schema(value_type = String)]
    call_sid: CallSid,
    #[schema(value_type = String)]
    created_at: Moment,
    #[schema(value_type = Option<String>)]
    scheduled_time: Option<Moment>,
    #[schema(value_type = Option<String>)]
    started_at: Option<Moment>,
    #[schema(value_type = Option<String>)]
    completed_at: Option<Moment>,
    #[serde(flatten)]
    #[schema(value_type = Object)]
    source: Source,
    test_mode: bool,
}

impl From<Engagement> for Listed {
    fn from(engagement: Engagement) -> Self {
        Self {
            engagement_id: engagement.engagement_id,
            status: engagement.state.wire(),
            outcome: engagement.outcome,
            channel: engagement.channel,
            engagement_type: engagement.engagement_type,
            contact_identifier: engagement.contact.as_str().to_owned(),
            call_sid: engagement.sid(),
            created_at: engagement.created_at,
            scheduled_time: engagement.scheduled_time,
            started_at: engagement.started_at,
            completed_at: engagement.completed_at,
            source: engagement.source,
            test_mode: engagement.test_mode,
        }
    }
}

/// Lists the engagements of a domain, newest first.
#[utoipa::path(
    get, path = "/integration/engagements", tag = "Engagements",
    params(
        ("domain_name" = String, Query, description = "Your tenant domain."),
        ("from" = Option<String>, Query, description = "Accepted at or after, ISO 8601."),
        ("to" = Option<String>, Query, description = "Accepted before, ISO 8601."),
        ("status" = Option<String>, Query, description = "Scheduled, Queued, In Progress, Paused, Completed, Failed or Cancelled."),
        ("channel" = Option<String>, Query, description = "phone, sms, wmsg, wvoice or email."),
        ("contact" = Option<String>, Query, description = "The phone number or email address."),
        ("source_record_id" = Option<String>, Query, description = "The record in your system."),
        ("call_sid" = Option<String>, Query, description = "A call_sid, queued or not: lists the one engagement that has it."),
        ("batch_id" = Option<String>, Query, description = "The batch; its rows are listed in the order in which they go out."),
        ("limit" = Option<u32>, Query, description = "At most so many, 1 to 100; 50 by default."),
        ("cursor" = Option<String>, Query, description = "The next_cursor of the page before."),
    ),
    responses(
        (status = 200, body = Listing),
        (status = 400, body = Problem, description = "A parameter cannot be taken."),
        (status = 403, body = Problem, description = "No valid API key."),
        (status = 404, body = Problem, description = "The domain is not on this account."),
    ),
    security(("api_key" = ["engagements"]))
)]
async fn handle(
    State(hub): State<App>,
    Authorized { caller, .. }: Authorized<Engagements>,
    query: QueryFields,
) -> Result<Json<Listing>, ApiError> {
    let Asked { domain_name, filter, call_sid, paging } = read(query)?;
    let domain = domain_of(&hub, caller.account_id(), &domain_name).await?;
    let page = match call_sid {
        Some(sid) => with_sid(&hub, &domain_name, &sid).await?,
        None => hub.store.engagements(&domain_name, domain.created_at, &filter, paging.cursor, paging.limit).await?,
    };
    let engagements = page.items.into_iter().map(Listed::from).collect();
    Ok(Json(Listing { engagements, next_cursor: page.next.map(|cursor| cursor.encode()) }))
}

async fn with_sid(hub: &App, domain_name: &DomainName, sid: &CallSid) -> Result<Page<Engagement>, ApiError> {
    let found = match hub.store.engagement_of_sid(sid).await? {
        Some(id) => hub.store.engagement(id).await?,
        None => None,
    };
    let items = found.into_iter().filter(|engagement| engagement.domain_name == *domain_name).collect();
    Ok(Page { items, next: None })
}

struct Asked {
    domain_name: DomainName,
    filter: EngagementFilter,
    call_sid: Option<CallSid>,
    paging: Paging,
}

fn read(mut query: QueryFields) -> Result<Asked, ApiError> {
    let mut fields = Fields::default();
    let domain_name = fields.required("domain_name", query.take("domain_name"), str::parse);
    let filter = EngagementFilter {
        from: fields.parse("from", query.take("from"), read_time),
        to: fields.parse("to", query.take("to"), read_time),
        status: fields.parse("status", query.take("status"), str::parse),
        channel: fields.parse("channel", query.take("channel"), str::parse),
        contact: fields.parse("contact", query.take("contact"), read_contact),
        source_record_id: fields.text("source_record_id", query.take("source_record_id")),
        batch_id: fields.parse("batch_id", query.take("batch_id"), str::parse),
    };
    let call_sid = fields.parse("call_sid", query.take("call_sid"), str::parse);
    let paging = Paging::read(&mut fields, &mut query);
    let asked = domain_name.map(|domain_name| Asked { domain_name, filter, call_sid, paging });
    Ok(fields.finish(asked)?)
}
