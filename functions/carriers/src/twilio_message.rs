//! `POST /carriers/twilio/message/inbound`: a contact has written by SMS or WhatsApp (checklist M4).

use std::time::Duration;

use axum::extract::{FromRequest, Request, State};
use axum::http::StatusCode;
use hub_engagements::talk::{Inbound, MessageAnswer, TalkError, message_in, message_in_at_last};
use hub_models::channel::Channel;
use hub_models::contact::{Contact, PhoneNumber};
use hub_models::domain::DomainName;
use hub_web::{ApiError, App, Endpoint, Problem};
use utoipa_axum::routes;

use crate::callback::{Signed, not_the_carrier};
use crate::twiml::Twiml;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("carriers-twilio-message", routes!(handle))
}

/// How often and how long it is waited for an engagement whose opening is being sent: its reply was faster.
const LOOKS: usize = 20;
const BETWEEN_LOOKS: Duration = Duration::from_millis(250);

/// Takes a message to one of the domain's senders: a reply goes on with its conversation, and STOP and START count whatever they
/// reply to. It is signed by the account of the domain's carrier. The same message is taken once.
#[utoipa::path(
    post, path = "/carriers/twilio/message/inbound", tag = "Carriers",
    params(("domain_name" = String, Query, description = "The domain whose sender was written to.")),
    responses(
        (status = 200, content_type = "text/xml", body = String, description = "What to answer at once, as TwiML."),
        (status = 403, body = Problem, description = "Not the carrier of the domain."),
    )
)]
async fn handle(State(hub): State<App>, Written { domain, message }: Written) -> Result<Twiml, ApiError> {
    let Some(message) = message else {
        tracing::warn!(domain_name = %domain, "a message that is not to a sender of the domain was kept out");
        return Ok(Twiml::default());
    };
    let MessageAnswer { to_send, .. } = take(&hub, message).await?;
    Ok(to_send.iter().fold(Twiml::default(), |twiml, text| twiml.text("Message", &[], text)))
}

async fn take(hub: &App, message: Inbound) -> Result<MessageAnswer, ApiError> {
    for _ in 0..LOOKS {
        match message_in(hub, message.clone()).await {
            Err(TalkError::NotYet(_)) => tokio::time::sleep(BETWEEN_LOOKS).await,
            taken => return taken.map_err(not_taken),
        }
    }
    message_in_at_last(hub, message).await.map_err(not_taken)
}

fn not_taken(error: TalkError) -> ApiError {
    match error {
        TalkError::NotYet(_) => {
            let detail = "The engagement is still being sent; bring the message again.";
            ApiError::new(StatusCode::SERVICE_UNAVAILABLE, detail)
        }
        TalkError::Store(error) => error.into(),
        error @ TalkError::Unknown(_) => ApiError::internal(error.to_string()),
    }
}

/// A message that Twilio has brought; none where it is not for a sender of the domain.
struct Written {
    domain: DomainName,
    message: Option<Inbound>,
}

impl FromRequest<App> for Written {
    type Rejection = ApiError;

    async fn from_request(request: Request, hub: &App) -> Result<Self, ApiError> {
        let signed = Signed::read(request, hub).await?;
        let name: Option<DomainName> = signed.parameter("domain_name").and_then(|name| name.parse().ok());
        let domain = name.ok_or_else(not_the_carrier)?;
        signed.check(hub, &domain).await?;
        let settings = hub.store.domain_cached(&domain).await?;
        let inbound = inbound(&domain, &signed);
        let carrier = settings.as_ref().and_then(|settings| settings.carrier.as_ref());
        let message = inbound.filter(|(to, message)| carrier.is_some_and(|it| it.sender(message.channel) == Some(to)));
        Ok(Self { domain, message: message.map(|(_, message)| message) })
    }
}

/// The message with the sender that it was written to.
fn inbound(domain: &DomainName, signed: &Signed) -> Option<(PhoneNumber, Inbound)> {
    let form = &signed.form;
    let (from, to) = (form.get("From")?, form.get("To")?);
    let (channel, from) = match from.strip_prefix("whatsapp:") {
        Some(number) => (Channel::Wmsg, number),
        None => (Channel::Sms, from),
    };
    let to = to.strip_prefix("whatsapp:").unwrap_or(to).parse().ok()?;
    let message = Inbound {
        message_id: form.get("MessageSid")?.to_owned(),
        domain: domain.clone(),
        channel,
        from: Contact::Phone(from.parse().ok()?),
        text: form.get("Body").unwrap_or_default().to_owned(),
        public_url: signed.public_url.clone(),
    };
    Some((to, message))
}
