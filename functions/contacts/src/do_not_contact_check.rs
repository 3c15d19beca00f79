//! `GET /contacts/do-not-contact/check`: whether one may be contacted (checklist N2).

use axum::Json;
use axum::extract::State;
use hub_engagements::domain_of;
use hub_web::{AccountSettings, ApiError, App, Authorized, Endpoint, Problem, QueryFields};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::listed::ListedContact;
use crate::named::Named;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("contacts-do-not-contact-check", routes!(handle))
}

/// How a contact stands.
#[derive(Serialize, ToSchema)]
struct CheckedContact {
    /// Whether the channel is closed to it; where none was asked about, whether any is.
    listed: bool,
    #[serde(flatten)]
    contact: ListedContact,
}

/// Says whether a contact is on the do-not-contact list.
#[utoipa::path(
    get, path = "/contacts/do-not-contact/check", tag = "Contacts",
    params(
        ("domain_name" = String, Query, description = "Your tenant domain."),
        ("contact" = String, Query, description = "The phone number or email address."),
        ("channel" = Option<String>, Query, description = "phone, sms, wmsg, wvoice, email or all."),
    ),
    responses(
        (status = 200, body = CheckedContact),
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
) -> Result<Json<CheckedContact>, ApiError> {
    let Named { domain_name, contact, scope } = Named::read(query)?;
    domain_of(&hub, caller.account_id(), &domain_name).await?;
    let standing = hub.store.closed_to(&domain_name, &contact).await?;
    let listed = match scope {
        Some(scope) => standing.closing(scope).is_some(),
        None => !standing.closed.is_empty(),
    };
    Ok(Json(CheckedContact { listed, contact: standing.into() }))
}
