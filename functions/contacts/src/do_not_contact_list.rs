//! `GET /contacts/do-not-contact`: who must not be contacted (checklist N2).

use axum::Json;
use axum::extract::State;
use hub_engagements::domain_of;
use hub_models::do_not_contact::Scope;
use hub_models::domain::DomainName;
use hub_store::ContactCursor;
use hub_web::{AccountSettings, ApiError, App, Authorized, Endpoint, Fields, Paging, Problem, QueryFields};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::listed::ListedContact;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("contacts-do-not-contact-list", routes!(handle))
}

/// A page of the do-not-contact list.
#[derive(Serialize, ToSchema)]
struct DoNotContactList {
    /// The contacts, in their own order.
    contacts: Vec<ListedContact>,
    /// Send it as `cursor` for the next page; null after the last. A page may be short and still have one.
    next_cursor: Option<String>,
}

/// Lists who must not be contacted, with who added it, when and why.
#[utoipa::path(
    get, path = "/contacts/do-not-contact", tag = "Contacts",
    params(
        ("domain_name" = String, Query, description = "Your tenant domain."),
        ("channel" = Option<String>, Query, description = "Only contacts that this channel is closed to: phone, sms, wmsg, wvoice or email; all for those that every channel was closed to at once."),
        ("limit" = Option<u32>, Query, description = "At most so many, 1 to 100; 50 by default."),
        ("cursor" = Option<String>, Query, description = "The next_cursor of the page before."),
    ),
    responses(
        (status = 200, body = DoNotContactList),
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
) -> Result<Json<DoNotContactList>, ApiError> {
    let (name, scope, paging) = read(query)?;
    domain_of(&hub, caller.account_id(), &name).await?;
    let page = hub.store.do_not_contacts(&name, scope, paging.cursor, paging.limit).await?;
    let contacts = page.items.into_iter().map(ListedContact::from).collect();
    Ok(Json(DoNotContactList { contacts, next_cursor: page.next.map(|cursor| cursor.encode()) }))
}

fn read(mut query: QueryFields) -> Result<(DomainName, Option<Scope>, Paging<ContactCursor>), ApiError> {
    let mut fields = Fields::default();
    let name = fields.required("domain_name", query.take("domain_name"), str::parse);
    let scope = fields.parse("channel", query.take("channel"), str::parse);
    let paging = Paging::read_with(&mut fields, &mut query, ContactCursor::decode);
    Ok(fields.finish(name.map(|name| (name, scope, paging)))?)
}
