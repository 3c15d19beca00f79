//! `GET /bulk-calls/batches`: the batches of a domain (checklist I5).

use axum::Json;
use axum::extract::State;
use hub_auth::Caller;
use hub_engagements::bulk::{BatchReport, batches};
use hub_engagements::{DeliveryType, Hub, domain_of};
use hub_models::domain::DomainName;
use hub_models::fault::{Faults, FieldFault};
use hub_web::{ApiError, App, Authorized, CallManagement, Endpoint, Fields, Paging, Problem, QueryFields};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("bulk-calls-list", routes!(handle))
}

/// A page of batches.
#[derive(Serialize, ToSchema)]
struct BatchList {
    /// The batches, newest first.
    batches: Vec<BatchReport>,
    /// Send it as `cursor` for the next page; null after the last.
    next_cursor: Option<String>,
}

/// Lists the batches of a domain, newest first, with how far each is.
#[utoipa::path(
    get, path = "/bulk-calls/batches", tag = "Campaigns",
    params(
        ("domain_name" = Option<String>, Query, description = "Your tenant domain. Required where the account has several."),
        ("limit" = Option<u32>, Query, description = "At most so many, 1 to 100; 50 by default."),
        ("cursor" = Option<String>, Query, description = "The next_cursor of the page before."),
    ),
    responses(
        (status = 200, body = BatchList),
        (status = 400, body = Problem, description = "A parameter cannot be taken."),
        (status = 403, body = Problem, description = "No valid API key, or one without call_management."),
        (status = 404, body = Problem, description = "The domain is not on this account."),
    ),
    security(("api_key" = ["call_management"]))
)]
async fn handle(
    State(hub): State<App>,
    Authorized { caller, .. }: Authorized<CallManagement>,
    query: QueryFields,
) -> Result<Json<BatchList>, ApiError> {
    let (name, paging) = read(query)?;
    let name = match name {
        Some(name) => name,
        None => only_domain(&hub, &caller).await?,
    };
    let domain = domain_of(&hub, caller.account_id(), &name).await?;
    let page = batches(&hub, &domain, paging.cursor, paging.limit).await?;
    let now = hub.clock.now();
    let batches = page.items.iter().map(|progress| BatchReport::new(progress, DeliveryType::Pull, now)).collect();
    Ok(Json(BatchList { batches, next_cursor: page.next.map(|cursor| cursor.encode()) }))
}

fn read(mut query: QueryFields) -> Result<(Option<DomainName>, Paging), Faults> {
    let mut fields = Fields::default();
    let name = fields.parse("domain_name", query.take("domain_name"), str::parse);
    let paging = Paging::read(&mut fields, &mut query);
    fields.finish(Some((name, paging)))
}

/// The domain that an account means which has no other.
async fn only_domain(hub: &Hub, caller: &Caller) -> Result<DomainName, ApiError> {
    match <[DomainName; 1]>::try_from(hub.store.domains_of(caller.account_id()).await?) {
        Ok([only]) => Ok(only),
        Err(_) => Err(Faults::from(FieldFault::missing("domain_name")).into()),
    }
}
