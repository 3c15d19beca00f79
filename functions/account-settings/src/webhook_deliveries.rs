//! `GET /account-settings/webhook/deliveries`: what the webhook was told, and how it took it.

use axum::Json;
use axum::extract::State;
use hub_engagements::domain_of;
use hub_models::domain::DomainName;
use hub_models::id::EngagementId;
use hub_store::Page;
use hub_web::{AccountSettings, ApiError, App, Authorized, Endpoint, Fields, Paging, Problem, QueryFields};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::delivery::ShownDelivery;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("account-settings-webhook-deliveries", routes!(handle))
}

/// A page of deliveries.
#[derive(Serialize, ToSchema)]
struct Deliveries {
    /// The deliveries: newest first, or oldest first for one engagement.
    deliveries: Vec<ShownDelivery>,
    /// Send it as `cursor` for the next page; null after the last.
    next_cursor: Option<String>,
}

/// Lists the deliveries of the last 30 days, with every try.
#[utoipa::path(
    get, path = "/account-settings/webhook/deliveries", tag = "Webhooks",
    params(
        ("domain_name" = String, Query, description = "Your tenant domain."),
        ("engagement_id" = Option<String>, Query, description = "Only those that tell of this engagement."),
        ("limit" = Option<u32>, Query, description = "At most so many, 1 to 100; 50 by default."),
        ("cursor" = Option<String>, Query, description = "The next_cursor of the page before."),
    ),
    responses(
        (status = 200, body = Deliveries),
        (status = 400, body = Problem, description = "A parameter cannot be taken."),
        (status = 403, body = Problem, description = "No valid API key, or one without account_settings."),
        (status = 404, body = Problem, description = "The domain is not on this account."),
    ),
    security(("api_key" = ["account_settings"]))
)]
async fn handle(
    State(hub): State<App>,
    Authorized { caller, .. }: Authorized<AccountSettings>,
    query: QueryFields,
) -> Result<Json<Deliveries>, ApiError> {
    let (name, engagement, paging) = read(query)?;
    let domain = domain_of(&hub, caller.account_id(), &name).await?;
    let page = match engagement {
        Some(id) => {
            let mut items = hub.store.deliveries_of(id).await?;
            items.retain(|delivery| delivery.domain_name == name);
            Page { items, next: None }
        }
        None => hub.store.deliveries(&name, domain.created_at, paging.cursor, paging.limit).await?,
    };
    let deliveries = page.items.into_iter().map(ShownDelivery::from).collect();
    Ok(Json(Deliveries { deliveries, next_cursor: page.next.map(|cursor| cursor.encode()) }))
}

fn read(mut query: QueryFields) -> Result<(DomainName, Option<EngagementId>, Paging), ApiError> {
    let mut fields = Fields::default();
    let name = fields.required("domain_name", query.take("domain_name"), str::parse);
    let engagement = fields.parse("engagement_id", query.take("engagement_id"), str::parse);
    let paging = Paging::read(&mut fields, &mut query);
    Ok(fields.finish(name.map(|name| (name, engagement, paging)))?)
}
