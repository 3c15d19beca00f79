//! `/api/v1/caller-ids`: numbers that calls show, once their owner has heard a code there (checklist L2).

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use hub_engagements::voice::{call_again, create_caller_id, verify as verify_caller_id};
use hub_models::contact::PhoneNumber;
use hub_models::voice::{CallerId, KeptKind};
use hub_web::jsonapi::{
    Answer, Asked, ErrorDocument, NoRelationships, Resource, Sent, Tenant, Timestamp, endpoint as json_api, id_in_path,
};
use hub_web::{ApiError, App, Endpoint, idempotency_key, json_api_documents};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::related::{forget_at, kept_at, kept_page};
use crate::sent::caller_ids::{NewCallerId, ToldCode};

const TYPE: &str = KeptKind::CallerIds.as_str();

/// This function and its routes.
#[must_use]
pub fn endpoint() -> Endpoint {
    json_api("voice-caller-ids", vec![routes!(list, create), routes!(get, delete), routes!(verify)])
}

/// What a caller id is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
struct CallerIdAttributes {
    /// What people call it.
    name: Option<String>,
    /// The number.
    #[schema(example = "+14165551234")]
    phone_number: String,
    /// `pending` until it is verified, `verified` from then on. What a test key has verified is so for test keys only.
    #[schema(example = "verified")]
    status: &'static str,
    /// Whether calls may show it.
    is_verified: bool,
    verified_at: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

type Shown = Resource<CallerIdAttributes, NoRelationships>;

json_api_documents!(CallerIdResource, CallerIdDocument, CallerIdList: CallerIdAttributes, NoRelationships);

/// As a caller in test mode or outside sees it.
fn shown(caller_id: &CallerId, test_mode: bool) -> Shown {
    let is_verified = caller_id.is_verified(test_mode);
    let attributes = CallerIdAttributes {
        name: caller_id.name.as_ref().map(ToString::to_string),
        phone_number: caller_id.phone_number.to_string(),
        status: if is_verified { "verified" } else { "pending" },
        is_verified,
        verified_at: caller_id.verified_at.filter(|_| is_verified).map(Timestamp),
        created_at: caller_id.created_at.into(),
        updated_at: caller_id.updated_at.into(),
    };
    Resource::new(TYPE, caller_id.id, attributes, NoRelationships {})
}

/// Lists the caller ids of the domain.
#[utoipa::path(
    get, path = "/api/v1/caller-ids",
    responses((status = 200, body = CallerIdList)),
)]
async fn list(State(hub): State<App>, tenant: Tenant, asked: Asked) -> Result<Answer, ApiError> {
    let test_mode = tenant.caller.is_test();
    kept_page(&hub, &tenant.domain, (KeptKind::CallerIds, &asked), |one| shown(one, test_mode)).await
}

/// Creates a caller id, and calls its number to tell it a code of six digits.
///
/// The call is an engagement like any other, with its price. Send the code back by `POST /api/v1/caller-ids/{id}/verify`
/// within 15 minutes. With a test key nobody is called, the code is 000000, and only test mode may show the number.
#[utoipa::path(
    post, path = "/api/v1/caller-ids",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours.")),
    request_body(content = NewCallerId, example = json!({"data": {"type": "caller-ids", "attributes": {
        "name": "Head office", "phone-number": "+14165551234"}}})),
    responses(
        (status = 201, body = CallerIdDocument),
        (status = 402, body = ErrorDocument, description = "Too few credits for the call."),
        (status = 503, body = ErrorDocument, description = "Engagements are paused for the domain; see Retry-After."),
    ),
)]
async fn create(State(hub): State<App>, tenant: Tenant, headers: HeaderMap, sent: Sent) -> Result<Answer, ApiError> {
    let key = idempotency_key(&headers)?;
    let Tenant { caller, domain } = tenant;
    let mut sent = sent.new_one(TYPE)?;
    let name = sent.line("name");
    let number = sent.required("phone-number", PhoneNumber::parse_lenient);
    let number = sent.finish(number)?;
    let caller_id = create_caller_id(&hub, &caller, &domain, (name, number, key)).await?;
    Answer::created(shown(&caller_id, caller.is_test()))
}

/// Shows a caller id.
#[utoipa::path(
    get, path = "/api/v1/caller-ids/{id}",
    params(("id" = String, Path)),
    responses((status = 200, body = CallerIdDocument)),
)]
async fn get(State(hub): State<App>, tenant: Tenant, Path(path): Path<String>) -> Result<Answer, ApiError> {
    let caller_id = kept_at(&hub, &tenant.domain, KeptKind::CallerIds, &path).await?;
    Answer::one(shown(&caller_id, tenant.caller.is_test()))
}

/// Verifies a caller id by the `code` that its number was told; without a code, calls the number again.
#[utoipa::path(
    post, path = "/api/v1/caller-ids/{id}/verify",
    params(
        ("id" = String, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "Has a repetition for 24 hours call nobody again."),
    ),
    request_body(content = ToldCode, example = json!({"data": {"type": "caller-ids",
        "id": "Lv8UgucPVGWcwZd9Hre9dn", "attributes": {"code": "123456"}}})),
    responses(
        (status = 200, body = CallerIdDocument, description = "It is verified."),
        (status = 202, body = CallerIdDocument, description = "The number is called again."),
        (status = 402, body = ErrorDocument, description = "Too few credits for the call."),
        (status = 409, body = ErrorDocument, description = "The type or the id is another."),
        (status = 422, body = ErrorDocument, description = "It is another code, or none counts any more."),
        (status = 503, body = ErrorDocument, description = "Engagements are paused for the domain; see Retry-After."),
    ),
)]
async fn verify(
    State(hub): State<App>,
    tenant: Tenant,
    Path(path): Path<String>,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Answer, ApiError> {
    let Tenant { caller, domain } = tenant;
    let (id, key) = (id_in_path(TYPE, &path)?, idempotency_key(&headers)?);
    let mut sent = sent.change_of(TYPE, id)?;
    let code = sent.value::<String>("code");
    match sent.finish(Some(code))? {
        Some(code) => {
            let verified = verify_caller_id(&hub, &caller, &domain, id, code.trim()).await?;
            Answer::one(shown(&verified, caller.is_test()))
        }
        None => {
            let called = call_again(&hub, &caller, &domain, (id, key)).await?;
            Answer::accepted(shown(&called, caller.is_test()))
        }
    }
}

/// Deletes a caller id. What was scheduled with it goes out.
#[utoipa::path(
    delete, path = "/api/v1/caller-ids/{id}",
    params(("id" = String, Path)),
    responses((status = 204)),
)]
async fn delete(State(hub): State<App>, tenant: Tenant, Path(path): Path<String>) -> Result<Answer, ApiError> {
    forget_at::<CallerId>(&hub, &tenant.domain, KeptKind::CallerIds, &path).await
}
