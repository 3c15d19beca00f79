//! `POST /account-settings/webhook/deliveries/{delivery_id}/redeliver`: tell it once more.

use axum::Json;
use axum::extract::{Path, State};
use hub_engagements::redeliver;
use hub_models::id::DeliveryId;
use hub_models::text::excerpt;
use hub_web::{AccountSettings, ApiError, App, Authorized, Endpoint, Problem};
use utoipa_axum::routes;

use crate::delivery::ShownDelivery;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("account-settings-webhook-redeliver", routes!(handle))
}

/// Starts a delivery again from its first try, whatever became of it. Its `webhook-id` stays.
#[utoipa::path(
    post, path = "/account-settings/webhook/deliveries/{delivery_id}/redeliver", tag = "Webhooks",
    params(("delivery_id" = String, Path)),
    responses(
        (status = 200, body = ShownDelivery),
        (status = 403, body = Problem, description = "No valid API key, or one without account_settings."),
        (status = 404, body = Problem, description = "The delivery is not on this account."),
    ),
    security(("api_key" = ["account_settings"]))
)]
async fn handle(
    State(hub): State<App>,
    Authorized { caller, .. }: Authorized<AccountSettings>,
    Path(delivery_id): Path<String>,
) -> Result<Json<ShownDelivery>, ApiError> {
    let unknown = || ApiError::not_found(format!("Delivery {} was not found on this account.", excerpt(&delivery_id)));
    let id: DeliveryId = delivery_id.parse().map_err(|_| unknown())?;
    let delivery = redeliver(&hub, caller.account_id(), id).await?.ok_or_else(unknown)?;
    Ok(Json(delivery.into()))
}
