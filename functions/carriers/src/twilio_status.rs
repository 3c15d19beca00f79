//! `POST /carriers/twilio/voice/status` and `/carriers/twilio/message/status`: how calls and messages go on (checklist M2).

use axum::extract::State;
use axum::http::StatusCode;
use hub_engagements::carrier::{CarrierReport, record_report};
use hub_models::carrier::{CallReport, MessageReport};
use hub_models::talk::AnsweredBy;
use hub_web::{ApiError, App, Endpoint, Problem, WebForm};
use utoipa_axum::routes;

use crate::callback::Callback;

/// This function and its routes.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("carriers-twilio-status", routes!(call)).and(routes!(message))
}

/// Takes what Twilio reports of a call. It is signed by the account of the engagement's domain.
///
/// A report that comes twice, late or out of order changes nothing more.
#[utoipa::path(
    post, path = "/carriers/twilio/voice/status", tag = "Carriers",
    params(
        ("engagement_id" = String, Query, description = "The engagement, as the hub has put it into the address."),
        ("attempt" = u32, Query, description = "The attempt."),
    ),
    responses(
        (status = 204, description = "It is recorded, or says nothing new."),
        (status = 403, body = Problem, description = "Not the carrier of the engagement's domain, or no such engagement."),
    )
)]
async fn call(State(hub): State<App>, callback: Callback) -> Result<StatusCode, ApiError> {
    let Callback { engagement, form, .. } = callback;
    if let (Some(sid), Some(report)) = (form.get("CallSid"), call_report(&form)) {
        record_report(&hub, engagement, sid, CarrierReport::Call(report)).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Takes what Twilio reports of an SMS or a WhatsApp message. It is signed by the account of the engagement's domain.
///
/// A report that comes twice, late or out of order changes nothing more.
#[utoipa::path(
    post, path = "/carriers/twilio/message/status", tag = "Carriers",
    params(
        ("engagement_id" = String, Query, description = "The engagement, as the hub has put it into the address."),
        ("attempt" = u32, Query, description = "The attempt."),
    ),
    responses(
        (status = 204, description = "It is recorded, or says nothing new."),
        (status = 403, body = Problem, description = "Not the carrier of the engagement's domain, or no such engagement."),
    )
)]
async fn message(State(hub): State<App>, callback: Callback) -> Result<StatusCode, ApiError> {
    let Callback { engagement, form, .. } = callback;
    if let (Some(sid), Some(report)) = (form.get("MessageSid"), message_report(&form)) {
        record_report(&hub, engagement, sid, CarrierReport::Message(report)).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Nothing where the status is a word that is not known: Twilio may add some.
fn call_report(form: &WebForm) -> Option<CallReport> {
    Some(CallReport {
        status: form.get("CallStatus")?.parse().ok()?,
        sip_code: number(form, "SipResponseCode"),
        error_code: number(form, "ErrorCode"),
        answered_by: form.get("AnsweredBy").map_or(AnsweredBy::Unknown, AnsweredBy::read),
    })
}

fn message_report(form: &WebForm) -> Option<MessageReport> {
    Some(MessageReport { status: form.get("MessageStatus")?.parse().ok()?, error_code: number(form, "ErrorCode") })
}

fn number<T: std::str::FromStr>(form: &WebForm, field: &str) -> Option<T> {
    form.get(field)?.parse().ok()
}
