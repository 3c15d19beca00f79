//! `POST /account-settings/email-preview`: an email as it would be sent (checklist E14).

use axum::Json;
use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hub_engagements::{Preview, PreviewRequest, domain_of, preview};
use hub_models::contact::Contact;
use hub_models::logo::Logo;
use hub_models::start::{Message, StartRequest};
use hub_web::{AccountSettings, ApiError, App, Authorized, Endpoint, Parameters, Problem, PublicUrl, StartFields};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::trial_email;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("account-settings-email-preview", routes!(handle))
}

/// An email as it would be sent.
#[derive(Serialize, ToSchema)]
struct ShownPreview {
    /// The sender.
    #[schema(example = "Acme Insurance <hello@acme.example>")]
    from: String,
    /// Where answers would go; null is the sender.
    reply_to: Option<String>,
    /// Whom it would go to.
    #[schema(example = "customer@example.com")]
    to: String,
    #[schema(example = "Your policy renewal")]
    subject: String,
    /// The whole HTML document. It shows its images by their content id: `cid:…`.
    html: String,
    /// The same for programs that show no HTML.
    text: String,
    /// The images that the HTML shows.
    inline_images: Vec<InlineImage>,
    /// The calendar file that the email carries where `booking_id` names a booking.
    invitation: Option<String>,
    /// The placeholders without a value; they are left empty.
    missing_placeholders: Vec<String>,
    /// What the engagement's history would say about how it was made.
    notes: Vec<String>,
    /// How large the message would be, in bytes.
    bytes: usize,
}

/// An image inside an email.
#[derive(Serialize, ToSchema)]
struct InlineImage {
    /// What the HTML calls it, after `cid:`.
    content_id: String,
    #[schema(example = "image/png")]
    media_type: &'static str,
    /// The image in base64.
    data: String,
}

impl InlineImage {
    fn of(content_id: String, logo: &Logo) -> Self {
        Self { content_id, media_type: logo.media_type.media_type(), data: STANDARD.encode(&logo.bytes) }
    }
}

impl ShownPreview {
    fn of(to: String, preview: Preview) -> Self {
        Self {
            from: preview.from.to_string(),
            reply_to: preview.reply_to.map(|reply_to| reply_to.to_string()),
            to,
            subject: preview.subject,
            html: preview.html,
            text: preview.text,
            inline_images: preview.logo.iter().map(|(id, logo)| InlineImage::of(id.clone(), logo)).collect(),
            invitation: preview.invitation,
            missing_placeholders: preview.missing.into_iter().collect(),
            notes: preview.notes,
            bytes: preview.bytes,
        }
    }
}

/// Shows an email as it would be sent. Nothing is sent, kept or charged; the address may be left out.
///
/// The fields are those of `/account-settings/send-test-email`.
#[utoipa::path(
    post, path = "/account-settings/email-preview", tag = "Email",
    request_body(content = StartFields, examples(
        ("A saved template" = (value = json!({"domain_name": "acme", "client_name": "Alex Morgan",
            "email_template_id": "550e8400-e29b-41d4-a716-446655440000", "email_template_params": {"policy_number": "POL-2026-8842"}}))),
    )),
    responses(
        (status = 200, body = ShownPreview),
        (status = 400, body = Problem, description = "A value cannot be taken, or there is no sender yet."),
        (status = 403, body = Problem, description = "No valid API key, or one without account_settings."),
        (status = 404, body = Problem, description = "The domain is not on this account."),
        (status = 503, body = Problem, description = "The writer is out of order; see Retry-After."),
    ),
    security(("api_key" = ["account_settings"]))
)]
async fn handle(
    State(hub): State<App>,
    Authorized { caller, .. }: Authorized<AccountSettings>,
    PublicUrl(public_url): PublicUrl,
    Parameters(mut object): Parameters,
) -> Result<Json<ShownPreview>, ApiError> {
    trial_email::gather(&mut object);
    object.fill("email_address", json!(Contact::example().as_str()));
    let request = trial_email::read(object, hub.clock.now())??;
    let domain = domain_of(&hub, caller.account_id(), &request.domain_name).await?;
    let StartRequest { contact, client_name, instruction, message, language, external_user_id, booking_id, .. } =
        request;
    let (Contact::Email(recipient), Message::Email(email)) = (contact, message) else {
        return Err(ApiError::internal("a trial email was read as something else"));
    };
    let to = recipient.to_string();
    let request =
        PreviewRequest { domain, recipient, client_name, instruction, email, language, external_user_id, booking_id };
    Ok(Json(ShownPreview::of(to, preview(&hub, request, public_url.as_ref()).await?)))
}
