//! `/api/v1/phone-numbers` and `/api/v1/email-ids`: whom messages and emails are from (checklist L2).
//!
//! They are set up elsewhere: numbers with the domain's carrier, the mailbox at `/account-settings/outbound-email`.

use axum::extract::{Path, State};
use hub_engagements::voice::{Sender, email_ids, phone_numbers};
use hub_web::jsonapi::{Answer, Asked, Listing, NoRelationships, Resource, Tenant, endpoint as json_api, id_in_path};
use hub_web::{ApiError, App, Endpoint, json_api_documents};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

/// This function and its routes.
#[must_use]
pub fn endpoint() -> Endpoint {
    let numbers = [routes!(list_numbers), routes!(get_number)];
    json_api("voice-senders", numbers.into_iter().chain([routes!(list_mailboxes), routes!(get_mailbox)]).collect())
}

/// What a phone number is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
struct PhoneNumberAttributes {
    #[schema(example = "+15005550006")]
    phone_number: String,
}

/// What an email id is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
struct EmailIdAttributes {
    #[schema(example = "Acme Insurance <hello@acme.example>")]
    email_address: String,
}

type ShownNumber = Resource<PhoneNumberAttributes, NoRelationships>;

json_api_documents!(PhoneNumberResource, PhoneNumberDocument, PhoneNumberList: PhoneNumberAttributes, NoRelationships);
type ShownMailbox = Resource<EmailIdAttributes, NoRelationships>;

json_api_documents!(EmailIdResource, EmailIdDocument, EmailIdList: EmailIdAttributes, NoRelationships);

fn number(sender: Sender) -> ShownNumber {
    let attributes = PhoneNumberAttributes { phone_number: sender.address };
    Resource::new("phone-numbers", sender.id, attributes, NoRelationships {})
}

fn mailbox(sender: Sender) -> ShownMailbox {
    let attributes = EmailIdAttributes { email_address: sender.address };
    Resource::new("email-ids", sender.id, attributes, NoRelationships {})
}

/// The sender with the id in a path.
fn find(kind: &str, senders: Vec<Sender>, path: &str) -> Result<Sender, ApiError> {
    let id = id_in_path(kind, path)?;
    let found = senders.into_iter().find(|sender| sender.id == id);
    found.ok_or_else(|| ApiError::not_found(format!("There is no such resource of type {kind} with the id {id}.")))
}

/// Lists the numbers that the domain's text messages are from.
#[utoipa::path(
    get, path = "/api/v1/phone-numbers",
    responses((status = 200, body = PhoneNumberList)),
)]
async fn list_numbers(State(hub): State<App>, tenant: Tenant, asked: Asked) -> Result<Answer, ApiError> {
    let [] = asked.filters([])?;
    let (page, total) = asked.page_of(phone_numbers(&hub, &tenant.domain));
    let listing = Listing { path: "/api/v1/phone-numbers", asked: &asked, total };
    listing.answer(page.into_iter().map(number).collect())
}

/// Shows a number that the domain's text messages are from.
#[utoipa::path(
    get, path = "/api/v1/phone-numbers/{id}",
    params(("id" = String, Path)),
    responses((status = 200, body = PhoneNumberDocument)),
)]
async fn get_number(State(hub): State<App>, tenant: Tenant, Path(path): Path<String>) -> Result<Answer, ApiError> {
    Answer::one(number(find("phone-numbers", phone_numbers(&hub, &tenant.domain), &path)?))
}

/// Lists the mailboxes that the domain's emails are from.
#[utoipa::path(
    get, path = "/api/v1/email-ids",
    responses((status = 200, body = EmailIdList)),
)]
async fn list_mailboxes(tenant: Tenant, asked: Asked) -> Result<Answer, ApiError> {
    let [] = asked.filters([])?;
    let (page, total) = asked.page_of(email_ids(&tenant.domain));
    let listing = Listing { path: "/api/v1/email-ids", asked: &asked, total };
    listing.answer(page.into_iter().map(mailbox).collect())
}

/// Shows a mailbox that the domain's emails are from.
#[utoipa::path(
    get, path = "/api/v1/email-ids/{id}",
    params(("id" = String, Path)),
    responses((status = 200, body = EmailIdDocument)),
)]
async fn get_mailbox(tenant: Tenant, Path(path): Path<String>) -> Result<Answer, ApiError> {
    Answer::one(mailbox(find("email-ids", email_ids(&tenant.domain), &path)?))
}
