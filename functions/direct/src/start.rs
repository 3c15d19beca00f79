//! `POST /start`: the direct start (checklist C).

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use hub_engagements::{Answer, Submission, start_now};
use hub_models::contact::Contact;
use hub_models::id::CallSid;
use hub_web::{
    ApiError, App, Authorized, Dialect, Endpoint, Engagements, JsonObject, Problem, PublicUrl, StartFields,
    idempotency_key,
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

const ROUTE: &str = "/start";

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("direct-start", routes!(handle))
}

/// What became of a direct start.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
enum DirectAnswer {
    /// The provider has it.
    Initiated {
        /// The provider's own sid: `CA…` for a call, `SM…` for a message, `EM…` for an email.
        #[schema(value_type = String, example = "CA1234567890abcdef")]
        call_sid: CallSid,
        /// Always `call_initiated`.
        #[schema(example = "call_initiated")]
        status: &'static str,
        /// The contact's phone number, `n/a` for email.
        #[schema(example = "+14165551234")]
        phone_number: String,
        /// The same as `call_sid`.
        #[schema(value_type = String, example = "CA1234567890abcdef")]
        billing_request_id: CallSid,
    },
    /// It goes out later.
    Queued {
        /// `QUEUED_` and a UUID.
        #[schema(value_type = String, example = "QUEUED_018f3b1e-5b1a-8c2d-9e3f-a1b2c3d4e5f6")]
        call_sid: CallSid,
        /// Always `queued`.
        #[schema(example = "queued")]
        status: &'static str,
        /// When, in words.
        #[schema(example = "Call queued for scheduled time: 2026-06-18T15:00:00Z")]
        message: String,
        /// When.
        #[schema(example = "2026-06-18T15:00:00Z")]
        scheduled_time: String,
    },
}

/// Starts an engagement and sends it within the request.
///
/// Fields may stand at the top or under `body`; the top wins. What is for later, whose agent is busy or whose provider
/// is out of order is queued.
#[utoipa::path(
    post, path = "/start", tag = "Engagements",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours.")),
    request_body(content = StartFields, examples(
        ("Fields under body" = (value = json!({"phone_number": "+14165551234", "domain_name": "acme", "type": "informational",
            "body": {"instruction": "Leave a voicemail about Saturday's open house."}}))),
        ("A scheduled callback" = (value = json!({"phone_number": "+14165551234", "domain_name": "acme",
            "type": "conversational", "channel": "phone", "instruction": "Follow up on the website form submission.",
            "scheduled_time": "2026-06-19T14:30:00Z", "client_name": "Alex Morgan"}))),
        ("An email from an instruction" = (value = json!({"channel": "email", "type": "informational", "domain_name": "acme",
            "email_address": "customer@example.com", "client_name": "Alex Morgan", "email_subject": "Update on your claim",
            "instruction": "Let the customer know their claim was received and review will take 3-5 business days.",
            "language": "en"}))),
    )),
    responses(
        (status = 200, body = DirectAnswer),
        (status = 400, body = Problem, description = "A value cannot be taken, a field is missing, or the provider refused it."),
        (status = 402, body = Problem, description = "Too few credits."),
        (status = 403, body = Problem, description = "No valid API key, or the contact is on the do-not-contact list."),
        (status = 404, body = Problem, description = "The domain is not on this account."),
        (status = 409, body = Problem, description = "The first request with this idempotency key is still being sent."),
        (status = 413, body = Problem, description = "The body is too large."),
        (status = 415, body = Problem, description = "The body is not JSON."),
        (status = 422, body = Problem, description = "The idempotency key came with another request."),
        (status = 429, body = Problem, description = "Too many requests; see Retry-After."),
        (status = 503, body = Problem, description = "Engagements are paused for the domain; see Retry-After."),
    ),
    security(("api_key" = ["engagements"]))
)]
async fn handle(
    State(hub): State<App>,
    Authorized { caller, .. }: Authorized<Engagements>,
    PublicUrl(public_url): PublicUrl,
    headers: HeaderMap,
    body: JsonObject,
) -> Result<Json<DirectAnswer>, ApiError> {
    let (key, request_hash) = (idempotency_key(&headers)?, body.hash());
    let request = StartFields::of(body, Dialect::Direct)?.into_request(Dialect::Direct, hub.clock.now())?;
    let phone_number = match &request.contact {
        Contact::Phone(number) => number.as_str().to_owned(),
        Contact::Email(_) => "n/a".to_owned(),
    };
    let submission = Submission { caller, request, route: ROUTE, key, request_hash };
    Ok(Json(match start_now(&hub, submission, public_url.as_ref()).await? {
        Answer::Initiated { call_sid } => {
            let billing_request_id = call_sid.clone();
            DirectAnswer::Initiated { call_sid, status: "call_initiated", phone_number, billing_request_id }
        }
        Answer::Queued { call_sid, scheduled_time } => {
            let scheduled_time = scheduled_time.to_the_second();
            let message = format!("Call queued for scheduled time: {scheduled_time}");
            DirectAnswer::Queued { call_sid, status: "queued", message, scheduled_time }
        }
    }))
}
