//! `POST /v2/call`: an IVR project has someone called (checklist K1).

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use hub_engagements::{Submission, start};
use hub_models::fault::{Faults, FieldFault};
use hub_models::id::UniqueId;
use hub_web::{ApiError, App, Authorized, Endpoint, Engagements, JsonObject, Problem, idempotency_key};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::call_fields::CallFields;

const ROUTE: &str = "/v2/call";

/// What the project calls the fields that the hub's own checks speak of.
const NAMES: [(&str, &str); 2] = [("domain_name", "Project"), ("phone_number", "_Destination")];

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("ivr-call", routes!(handle))
}

/// A call that was triggered.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
struct TriggeredCall {
    /// Ask by it how the call went. Whoever knows it may.
    #[schema(value_type = String, example = "a1b2c3d4e5f678901234567890abcdef1234567890abcdef12345678")]
    unique_id: UniqueId,
}

/// Has someone called. Once the call is answered, the scenario takes it.
///
/// `Project` is the domain, and `AccessToken` an API key of its account. The scenario is at `OrchestratorUrl` joined with
/// `ScenarioPath`; it is sent the conversation, the locale and all input parameters.
#[utoipa::path(
    post, path = "/v2/call", tag = "IVR",
    params(
        ("Project" = Option<String>, Header, description = "The project, where the body does not name it; it may be empty."),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours."),
    ),
    request_body = CallFields,
    responses(
        (status = 200, body = TriggeredCall),
        (status = 400, body = Problem, description = "A field is missing, or a value cannot be taken."),
        (status = 402, body = Problem, description = "Too few credits."),
        (status = 403, body = Problem, description = "AccessToken is no valid API key, or the number is on the do-not-contact list."),
        (status = 404, body = Problem, description = "The project is no domain of the account."),
        (status = 413, body = Problem, description = "The body is too large."),
        (status = 415, body = Problem, description = "The body is not JSON."),
        (status = 422, body = Problem, description = "The idempotency key came with another request."),
        (status = 429, body = Problem, description = "Too many requests; see Retry-After."),
        (status = 503, body = Problem, description = "Engagements are paused for the domain; see Retry-After."),
    )
)]
async fn handle(
    State(hub): State<App>,
    headers: HeaderMap,
    mut body: JsonObject,
) -> Result<Json<TriggeredCall>, ApiError> {
    let (key, request_hash) = (idempotency_key(&headers)?, body.hash());
    if let Some(project) = headers.get("project").and_then(|value| value.to_str().ok()) {
        body.fill("Project", json!(project));
    }
    let fields = body.read::<CallFields>()?;
    // Nothing of a stranger's call is read.
    let authorized = match fields.access_token() {
        Some(token) => Some(Authorized::<Engagements>::with_key(&hub, token).await?),
        None => None,
    };
    let request = fields.read(hub.settings.outside_urls)?;
    let Authorized { caller, .. } = authorized.ok_or_else(|| Faults::from(FieldFault::missing("AccessToken")))?;
    let submission = Submission { caller, request, route: ROUTE, key, request_hash };
    let started = start(&hub, submission).await.map_err(|error| ApiError::from(error).in_words(&NAMES))?;
    let trigger = started.engagement.trigger.ok_or_else(|| ApiError::internal("the call has no UniqueId"))?;
    Ok(Json(TriggeredCall { unique_id: trigger.unique_id }))
}
