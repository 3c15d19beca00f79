//! `GET /account-settings/calendar`: when a domain can be booked.

use axum::extract::State;
use hub_web::{AccountSettings, ApiError, App, Authorized, Problem, QueryFields, Revised};

use crate::calendar::ShownCalendar;
use crate::change::domain_in_query;

/// Shows the domain's calendar.
#[utoipa::path(
    get, path = "/account-settings/calendar", tag = "Bookings",
    params(("domain_name" = String, Query, description = "Your tenant domain.")),
    responses(
        (status = 200, body = ShownCalendar, headers(("ETag" = String, description = "Its version."))),
        (status = 400, body = Problem, description = "domain_name is missing."),
        (status = 403, body = Problem, description = "No valid API key, or one without account_settings."),
        (status = 404, body = Problem, description = "The domain is not on this account, or has no calendar."),
    ),
    security(("api_key" = ["account_settings"]))
)]
pub(crate) async fn handle(
    State(hub): State<App>,
    Authorized { caller, .. }: Authorized<AccountSettings>,
    mut query: QueryFields,
) -> Result<Revised<ShownCalendar>, ApiError> {
    let name = domain_in_query(&hub, &caller, &mut query).await?;
    let none = || {
        let advice = "set one with PUT /account-settings/calendar";
        ApiError::not_found(format!("No calendar is set up for domain \"{name}\"; {advice}."))
    };
    let calendar = hub.store.calendar(&name).await?.ok_or_else(none)?;
    Ok(Revised::ok(calendar.version, ShownCalendar::of(&name, calendar)))
}
