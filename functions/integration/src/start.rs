//! `POST /integration/start`: accept an engagement (checklist B).

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use hub_engagements::{Started, Submission, start};
use hub_web::{
    Accepted, ApiError, App, Authorized, Dialect, Endpoint, Engagements, JsonObject, Problem, StartFields,
    idempotency_key,
};
use utoipa_axum::routes;

const ROUTE: &str = "/integration/start";

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("integration-start", routes!(handle))
}

/// Starts an engagement: a call, a message or an email to one contact.
///
/// It is accepted at once and carried out in the background. `Idempotency-Key` makes a repetition within 24 hours
/// answer as the first did.
#[utoipa::path(
    post, path = "/integration/start", tag = "Engagements",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours.")),
    request_body(content = StartFields, examples(
        ("An outbound phone call" = (value = json!({"phone_number": "+14165551234", "domain_name": "acme",
            "source_record_id": "contact-98765", "source_org_id": "acme", "source_system": "my_crm", "channel": "phone",
            "type": "informational", "instruction": "Confirm tomorrow's appointment and offer to reschedule if needed.",
            "client_name": "Alex Morgan"}))),
        ("An SMS conversation" = (value = json!({"phone_number": "+14165551234", "domain_name": "acme",
            "source_record_id": "lead-123", "source_org_id": "acme", "channel": "sms", "type": "conversational",
            "instruction": "The customer asked about 42 Main St. Offer to connect them with an agent.",
            "user_phone_number": "+14165559999", "client_name": "Jordan Lee"}))),
        ("An email with inline HTML" = (value = json!({"phone_number": "customer@example.com", "domain_name": "acme",
            "source_record_id": "contact-456", "source_org_id": "acme", "channel": "email", "type": "informational",
            "client_name": "Alex Morgan", "email_subject": "Your policy renewal",
            "email_body_html": "<p>Dear {{CUSTOMER_NAME}},</p><p>Policy <strong>{{POLICY_NUMBER}}</strong> renews on {{RENEWAL_DATE}}.</p><p>Questions? Reply to this email.</p><p>Regards,<br/>{{ORGANIZATION_NAME}}</p>",
            "email_template_params": {"policy_number": "POL-2026-8842", "renewal_date": "June 15, 2026"}}))),
    )),
    responses(
        (status = 200, body = Accepted),
        (status = 400, body = Problem, description = "A value or a combination cannot be taken."),
        (status = 402, body = Problem, description = "Too few credits."),
        (status = 403, body = Problem, description = "No valid API key, or the contact is on the do-not-contact list."),
        (status = 404, body = Problem, description = "The domain is not on this account."),
        (status = 413, body = Problem, description = "The body is too large."),
        (status = 415, body = Problem, description = "The body is not JSON."),
        (status = 422, body = Problem, description = "A required field is missing, or the idempotency key came with another request."),
        (status = 429, body = Problem, description = "Too many requests; see Retry-After."),
        (status = 503, body = Problem, description = "Engagements are paused for the domain; see Retry-After."),
    ),
    security(("api_key" = ["engagements"]))
)]
async fn handle(
    State(hub): State<App>,
    Authorized { caller, .. }: Authorized<Engagements>,
    headers: HeaderMap,
    body: JsonObject,
) -> Result<Json<Accepted>, ApiError> {
    let (key, request_hash) = (idempotency_key(&headers)?, body.hash());
    let request = StartFields::of(body, Dialect::Integration)?.into_request(Dialect::Integration, hub.clock.now());
    let request = request.map_err(|faults| ApiError::missing_or_invalid(&faults))?;
    let submission = Submission { caller, request, route: ROUTE, key, request_hash };
    let Started { engagement, .. } = start(&hub, submission).await?;
    Ok(Json(Accepted::from(&engagement)))
}
