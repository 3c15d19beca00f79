//! `GET /calls`: the call log of a domain, newest first.

use axum::Json;
use axum::extract::State;
use hub_engagements::domain_of;
use hub_models::domain::DomainName;
use hub_store::EngagementFilter;
use hub_web::{
    ApiError, App, Authorized, Endpoint, Engagements, Fields, Paging, Problem, QueryFields, read_contact, read_time,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::call::{Call, read_status};

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("calls-list", routes!(handle))
}

/// A page of the call log.
#[derive(Serialize, ToSchema)]
struct CallLog {
    /// The calls, newest first.
    calls: Vec<Call>,
    /// Send it as `cursor` for the next page; null after the last. A page may be short and still have one.
    next_cursor: Option<String>,
}

/// Lists the calls, messages and emails of a domain, newest first.
#[utoipa::path(
    get, path = "/calls", tag = "Call log",
    params(
        ("domain_name" = String, Query, description = "Your tenant domain."),
        ("from" = Option<String>, Query, description = "Accepted at or after, ISO 8601."),
        ("to" = Option<String>, Query, description = "Accepted before, ISO 8601."),
        ("status" = Option<String>, Query, description = "Done, or a status of an engagement."),
        ("channel" = Option<String>, Query, description = "phone, sms, wmsg, wvoice or email."),
        ("contact" = Option<String>, Query, description = "The phone number or email address."),
        ("limit" = Option<u32>, Query, description = "At most so many, 1 to 100; 50 by default."),
        ("cursor" = Option<String>, Query, description = "The next_cursor of the page before."),
    ),
    responses(
        (status = 200, body = CallLog),
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
) -> Result<Json<CallLog>, ApiError> {
    let (domain_name, filter, paging) = read(query)?;
    let domain = domain_of(&hub, caller.account_id(), &domain_name).await?;
    let page = hub.store.engagements(&domain_name, domain.created_at, &filter, paging.cursor, paging.limit).await?;
    let calls = page.items.into_iter().map(Call::from).collect();
    Ok(Json(CallLog { calls, next_cursor: page.next.map(|cursor| cursor.encode()) }))
}

fn read(mut query: QueryFields) -> Result<(DomainName, EngagementFilter, Paging), ApiError> {
    let mut fields = Fields::default();
    let domain_name = fields.required("domain_name", query.take("domain_name"), str::parse);
    let filter = EngagementFilter {
        from: fields.parse("from", query.take("from"), read_time),
        to: fields.parse("to", query.take("to"), read_time),
        status: fields.parse("status", query.take("status"), read_status),
        channel: fields.parse("channel", query.take("channel"), str::parse),
        contact: fields.parse("contact", query.take("contact"), read_contact),
        ..EngagementFilter::default()
    };
    let paging = Paging::read(&mut fields, &mut query);
    Ok(fields.finish(domain_name.map(|name| (name, filter, paging)))?)
}
