//! `POST /account-settings/send-test-email`: one email by the real path, to see that it arrives (checklist E12).

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use hub_engagements::{Answer, Submission, start_now};
use hub_models::id::{CallSid, EngagementId};
use hub_web::{
    AccountSettings, ApiError, App, Authorized, Endpoint, Parameters, Problem, PublicUrl, StartFields, idempotency_key,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::trial_email;

const ROUTE: &str = "/account-settings/send-test-email";

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("account-settings-send-test-email", routes!(handle))
}

/// What became of a test email.
#[derive(Serialize, ToSchema)]
struct TestEmail {
    /// `sent`, or `queued` where the mail service is busy: it goes out as soon as it can.
    #[schema(example = "sent")]
    status: &'static str,
    /// Its engagement, to be followed as any other.
    #[schema(value_type = Option<String>, example = "eng_a1b2c3d4e5f6789012345678")]
    engagement_id: Option<EngagementId>,
    /// Its sid in the call log.
    #[schema(value_type = String, example = "EMa1b2c3d4e5f678901234567865687562")]
    call_sid: CallSid,
    /// Whom it went to.
    #[schema(example = "you@example.com")]
    to: String,
}

/// Sends one email now, with a template, with HTML, from an instruction, or with a short text that says what it is.
///
/// It takes the same way as any other: it costs what an email costs, and it is in the call log. `to`, `subject`, `html`,
/// `template_id`, `template_name` and `params` are read as the fields of a start that they shorten.
#[utoipa::path(
    post, path = "/account-settings/send-test-email", tag = "Email",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours.")),
    request_body(content = StartFields, examples(
        ("A saved template" = (value = json!({"domain_name": "acme", "email_address": "you@example.com",
            "email_template_id": "550e8400-e29b-41d4-a716-446655440000", "email_template_params": {"policy_number": "POL-2026-8842"}}))),
        ("Nothing but the address" = (value = json!({"domain_name": "acme", "email_address": "you@example.com"}))),
    )),
    responses(
        (status = 200, body = TestEmail),
        (status = 400, body = Problem, description = "A value cannot be taken, or the mail service refused it: the reason says what to do."),
        (status = 402, body = Problem, description = "Too few credits."),
        (status = 403, body = Problem, description = "No valid API key, one without account_settings, or the address is on the do-not-contact list."),
        (status = 404, body = Problem, description = "The domain is not on this account."),
        (status = 422, body = Problem, description = "The idempotency key came with another request."),
        (status = 503, body = Problem, description = "Engagements are paused for the domain; see Retry-After."),
    ),
    security(("api_key" = ["account_settings"]))
)]
async fn handle(
    State(hub): State<App>,
    Authorized { caller, .. }: Authorized<AccountSettings>,
    PublicUrl(public_url): PublicUrl,
    headers: HeaderMap,
    Parameters(mut object): Parameters,
) -> Result<Json<TestEmail>, ApiError> {
    let (key, request_hash) = (idempotency_key(&headers)?, object.hash());
    trial_email::gather(&mut object);
    let request = trial_email::read(object, hub.clock.now())??;
    let to = request.contact.as_str().to_owned();
    let submission = Submission { caller, request, route: ROUTE, key, request_hash };
    let (status, call_sid) = match start_now(&hub, submission, public_url.as_ref()).await? {
        Answer::Initiated { call_sid } => ("sent", call_sid),
        Answer::Queued { call_sid, .. } => ("queued", call_sid),
    };
    Ok(Json(TestEmail { status, engagement_id: call_sid.engagement_id(), call_sid, to }))
}
