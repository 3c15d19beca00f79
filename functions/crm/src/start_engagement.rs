//! `POST /rest/aventora/start-engagement`: a CRM's user engages a person (checklist J3).

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use hub_engagements::{Submission, start};
use hub_models::moment::Moment;
use hub_models::start::StartRequest;
use hub_models::workspace::Workspace;
use hub_web::{
    Accepted, ApiError, App, Dialect, Endpoint, JsonObject, Problem, StartFields, UserOfWorkspace, idempotency_key,
};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::names::{NAMES, in_the_hubs_words};

const ROUTE: &str = "/rest/aventora/start-engagement";

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("crm-start-engagement", routes!(handle))
}

/// The fields of a CRM's request. Fields that are not listed here are ignored.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "it describes what is read by the fields of /integration/start")]
struct PersonToEngage {
    /// The person's record in the CRM.
    #[schema(example = "d3b07384-d9a0-4c9b-8f6e-1a2b3c4d5e6f")]
    person_id: String,
    /// `phone` (default), `sms`, `wmsg`, `wvoice` or `email`.
    #[schema(example = "email")]
    channel: Option<String>,
    /// `informational` (default), `conversational`, `confirmational` or `appointment_booking`.
    #[schema(example = "informational")]
    r#type: Option<String>,
    /// What is to be said. Optional only for an email with HTML or a template.
    instruction: Option<String>,
    /// The phone number, or for email the recipient's address.
    #[schema(example = "customer@example.com")]
    contact_identifier: String,
    /// The person's name, `{{CUSTOMER_NAME}}`.
    #[schema(example = "Alex Morgan")]
    client_name: Option<String>,
    /// The subject line, with placeholders.
    #[schema(example = "Your policy renewal")]
    email_subject: Option<String>,
    /// The body's HTML, with placeholders. Not together with a template.
    email_body_html: Option<String>,
    /// A saved template, by id. One that is not there falls through to the instruction.
    #[schema(example = "550e8400-e29b-41d4-a716-446655440000")]
    email_template_id: Option<String>,
    /// A saved template, by name.
    email_template_name: Option<String>,
    /// Values of custom placeholders: `policy_number` fills `{{POLICY_NUMBER}}`. A workflow's variables go here.
    #[schema(value_type = Option<Object>, example = json!({"policy_number": "POL-2026-8842"}))]
    email_template_params: Option<Map<String, Value>>,
}

/// Starts an engagement of a person for the workspace's domain, as `/integration/start` does.
#[utoipa::path(
    post, path = "/rest/aventora/start-engagement", tag = "CRM",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours.")),
    request_body = PersonToEngage,
    responses(
        (status = 200, body = Accepted),
        (status = 400, body = Problem, description = "A value or a combination cannot be taken."),
        (status = 401, body = Problem, description = "No valid token of a workspace."),
        (status = 402, body = Problem, description = "Too few credits."),
        (status = 403, body = Problem, description = "The contact is on the do-not-contact list."),
        (status = 413, body = Problem, description = "The body is too large."),
        (status = 415, body = Problem, description = "The body is not JSON."),
        (status = 422, body = Problem, description = "A required field is missing, or the idempotency key came with another request."),
        (status = 429, body = Problem, description = "Too many requests; see Retry-After."),
        (status = 503, body = Problem, description = "Engagements are paused for the domain; see Retry-After."),
    ),
    security(("workspace_token" = []))
)]
async fn handle(
    State(hub): State<App>,
    UserOfWorkspace { caller, workspace }: UserOfWorkspace,
    headers: HeaderMap,
    body: JsonObject,
) -> Result<Json<Accepted>, ApiError> {
    let (key, request_hash) = (idempotency_key(&headers)?, body.hash());
    let request = read(body, &workspace, hub.clock.now()).map_err(|error| error.in_words(&NAMES))?;
    let submission = Submission { caller, request, route: ROUTE, key, request_hash };
    let started = start(&hub, submission).await.map_err(|error| ApiError::from(error).in_words(&NAMES))?;
    Ok(Json(Accepted::from(&started.engagement)))
}

/// The workspace says for which domain, whatever the request says.
fn read(body: JsonObject, workspace: &Workspace, now: Moment) -> Result<StartRequest, ApiError> {
    let mut fields = in_the_hubs_words(body);
    fields.fill("domain_name", json!(workspace.domain_name));
    fields.fill("source_org_id", json!(workspace.workspace_id));
    fields.fill("source_object", json!("person"));
    let fields = StartFields::of(fields, Dialect::Integration)?;
    fields.into_request(Dialect::Integration, now).map_err(|faults| ApiError::missing_or_invalid(&faults))
}
