//! `DELETE /contacts/do-not-contact`: contact someone again (checklist N2).

use axum::Json;
use axum::extract::State;
use hub_engagements::domain_of;
use hub_models::contact::Contact;
use hub_models::do_not_contact::Scope;
use hub_web::{AccountSettings, ApiError, App, Authorized, Endpoint, Problem, QueryFields};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::listed::ListedContact;
use crate::named::Named;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("contacts-do-not-contact-remove", routes!(handle))
}

/// A contact that may be contacted again, and what is still closed to it.
#[derive(Serialize, ToSchema)]
struct RemovedContact {
    /// Always true.
    ok: bool,
    #[serde(flatten)]
    contact: ListedContact,
}

/// Takes a contact from the do-not-contact list, for one channel or altogether. A channel that was closed together with
/// all others leaves those closed.
#[utoipa::path(
    delete, path = "/contacts/do-not-contact", tag = "Contacts",
    params(
        ("domain_name" = String, Query, description = "Your tenant domain."),
        ("contact" = String, Query, description = "The phone number or email address."),
        ("channel" = Option<String>, Query, description = "phone, sms, wmsg, wvoice or email; all by default."),
    ),
    responses(
        (status = 200, body = RemovedContact),
        (status = 400, body = Problem, description = "A parameter cannot be taken."),
        (status = 403, body = Problem, description = "No valid API key, or one without account_settings."),
        (status = 404, body = Problem, description = "The domain is not on this account, or the contact not on its list."),
    ),
    security(("api_key" = ["account_settings"]))
)]
async fn handle(
    State(hub): State<App>,
    Authorized { caller, .. }: Authorized<AccountSettings>,
    query: QueryFields,
) -> Result<Json<RemovedContact>, ApiError> {
    let Named { domain_name, contact, scope } = Named::read(query)?;
    domain_of(&hub, caller.account_id(), &domain_name).await?;
    let scope = scope.unwrap_or(Scope::All);
    let left = hub.store.remove_do_not_contact(&domain_name, &contact, scope).await?;
    let left = left.ok_or_else(|| not_listed(&contact, scope))?;
    Ok(Json(RemovedContact { ok: true, contact: left.into() }))
}

fn not_listed(contact: &Contact, scope: Scope) -> ApiError {
    let contact = contact.as_str();
    ApiError::not_found(match scope {
        Scope::All => format!("{contact} is not on the do-not-contact list."),
        channel => format!("{contact} is not on the do-not-contact list for {channel}."),
    })
}
