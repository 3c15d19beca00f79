//! Telling a contact of a booking: by an email that goes into the contact's calendar, or by a text with a link to a file
//! that does.

use std::sync::Arc;

use hub_channels::calendar_file::CalendarFile;
use hub_models::calendar::Booking;
use hub_models::channel::{Channel, EngagementType};
use hub_models::contact::Contact;
use hub_models::domain::Domain;
use hub_models::email::{BodySource, Html, RequestedEmail, Subject};
use hub_models::id::EngagementId;
use hub_models::outside::below;
use hub_models::placeholders::TemplateParams;
use hub_models::script::{Scripts, Step};
use hub_models::start::{Message, Source, StartRequest};
use hub_models::text::{ForeignId, Instruction};
use hub_models::wording::{Appointment, Letter, Told};
use hub_store::StoreError;
use serde_json::{Map, Value};
use url::Url;

use super::change::Changed;
use super::told::told_booking;
use crate::email::{LinkError, link_key, organization_name};
use crate::start::{StartError, start_own};
use crate::{AccessError, Hub};

/// Where the link to a booking's file leads, below the hub's address; its token follows.
const PATH: &str = "bookings/invitations/";

/// The placeholder that stands for what is told: a value is never taken for HTML, nor for placeholders.
const TOLD: &str = "{{APPOINTMENT}}";

/// What a contact is told of a booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// That it is booked.
    Booked,
    /// That it has another time.
    Moved,
    /// That it will not take place.
    Cancelled,
}

impl Occasion {
    /// What there is to tell after a change.
    #[must_use]
    pub fn of(changed: &Changed) -> Self {
        match (changed.before.held(), changed.now.held()) {
            (_, None) => Self::Cancelled,
            (Some(before), Some(now)) if before != now => Self::Moved,
            (Some(_) | None, Some(_)) => Self::Booked,
        }
    }

    fn sentence(self, booking: &Booking, told: &Told) -> String {
        let phrases = Appointment::of(booking.language);
        match self {
            Self::Booked => phrases.booked(told),
            Self::Moved => phrases.moved(told),
            Self::Cancelled => phrases.cancelled(told),
        }
    }
}

/// What became of an invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invited {
    /// This engagement carries it.
    By(EngagementId),
    /// It could not be sent, and why.
    Not(String),
}

/// Has a booking told to its contact by an email with its calendar file: an engagement like any other, once for each state
/// of the booking. What keeps it from being sent keeps nobody from the booking.
///
/// # Errors
/// When a table cannot be used.
pub async fn invite(
    hub: &Hub,
    domain: Arc<Domain>,
    booking: &Booking,
    occasion: Occasion,
    test_mode: bool,
) -> Result<Invited, StoreError> {
    let Some(address) = booking.invitee() else {
        return Ok(Invited::Not("The booking has no email address; set email_address.".to_owned()));
    };
    let told = told_booking(hub, booking, booking.language).await?;
    let Some(email) = email(booking, &occasion.sentence(booking, &told)) else {
        return Ok(Invited::Not("The invitation could not be written.".to_owned()));
    };
    let told = request(booking, Channel::Email, Contact::Email(address.clone()), Message::Email(email));
    start_invitation(hub, domain, booking, StartRequest { test_mode, ..told }).await
}

/// Has a booking that was made in a call told to the phone that it was made with, by a text message with the link to its
/// calendar file: an engagement like any other, once for each state of the booking. What keeps it from being sent keeps
/// nobody from the booking.
///
/// # Errors
/// When a table or the key of the links cannot be read.
pub(crate) async fn invite_by_text(hub: &Hub, public_url: &Url, booking: &Booking) -> Result<Invited, LinkError> {
    let Some(domain) = hub.store.domain_cached(&booking.domain_name).await? else {
        return Ok(Invited::Not("The domain is gone.".to_owned()));
    };
    let text = invitation_text(hub, public_url, booking, Occasion::Booked).await?;
    let instruction = Instruction::parse(&text).ok().flatten();
    // No model rewrites it: the link would not survive that.
    let say = Step::Say { text, voice: None, times: 1 };
    let message = Message::Scripted(Box::new(Scripts { on_answered: vec![say], ..Scripts::default() }));
    let told = request(booking, Channel::Sms, booking.contact.clone(), message);
    Ok(start_invitation(hub, domain, booking, StartRequest { instruction, ..told }).await?)
}

async fn start_invitation(
    hub: &Hub,
    domain: Arc<Domain>,
    booking: &Booking,
    request: StartRequest,
) -> Result<Invited, StoreError> {
    let id = EngagementId::of_invitation(booking.booking_id, booking.version);
    match start_own(hub, id, domain, request).await {
        Ok(started) => Ok(Invited::By(started.engagement.engagement_id)),
        Err(StartError::Store(error) | StartError::Access(AccessError::Store(error))) => Err(error),
        Err(error) => Ok(Invited::Not(error.to_string())),
    }
}

/// The email: what is told, in a polite paragraph of the contact's language.
fn email(booking: &Booking, told: &str) -> Option<RequestedEmail> {
    let name = booking.name.as_ref().map(|_| "{{CUSTOMER_NAME}}");
    let paragraph = Letter::of(booking.language).paragraph(TOLD, name, Some("{{ORGANIZATION_NAME}}"));
    let html = Html::parse(&format!("<p>{paragraph}</p>")).ok().flatten()?;
    let params = Map::from_iter([("APPOINTMENT".to_owned(), Value::from(told))]);
    let params = TemplateParams::parse("params", &params).ok()?;
    Some(RequestedEmail { subject: Subject::parse(TOLD).ok().flatten(), body: BodySource::Html(html), params })
}

fn request(booking: &Booking, channel: Channel, contact: Contact, message: Message) -> StartRequest {
    let booking_id = ForeignId::parse(&booking.booking_id.to_string()).ok().flatten();
    StartRequest {
        domain_name: booking.domain_name.clone(),
        channel,
        engagement_type: EngagementType::Informational,
        contact,
        client_name: booking.name.clone(),
        instruction: None,
        message,
        language: booking.language,
        scheduled_time: None,
        user_phone_number: None,
        external_user_id: None,
        booking_id: booking_id.clone(),
        test_mode: false,
        source: Source { record_id: booking_id, ..Source::default() },
        context: None,
    }
}

/// The link to a booking's calendar file, for texts: whoever has it can open it, and nobody can make one.
///
/// # Errors
/// When the key of the links cannot be read.
pub async fn invitation_link(hub: &Hub, public_url: &Url, booking: &Booking) -> Result<Url, LinkError> {
    let token = link_key(hub).await?.invitation_token(&booking.domain_name, booking.booking_id);
    Ok(below(public_url, &format!("{PATH}{token}")))
}

/// What a text tells its contact of a booking: a sentence, and the link to the calendar file.
///
/// # Errors
/// When a table or the key of the links cannot be read.
pub async fn invitation_text(
    hub: &Hub,
    public_url: &Url,
    booking: &Booking,
    occasion: Occasion,
) -> Result<String, LinkError> {
    let told = told_booking(hub, booking, booking.language).await?;
    let link = invitation_link(hub, public_url, booking).await?;
    let add = Appointment::of(booking.language).add_to_calendar(link.as_str());
    Ok(format!("{}\n{add}", occasion.sentence(booking, &told)))
}

/// The calendar file that a token leads to, as the booking is now; none where this hub has not made the token.
///
/// # Errors
/// When a table or the key cannot be read.
pub async fn invitation_file(hub: &Hub, token: &str) -> Result<Option<String>, LinkError> {
    let Some((name, id)) = link_key(hub).await?.read_invitation_token(token) else { return Ok(None) };
    let (booking, domain) = futures::try_join!(hub.store.booking(&name, id), hub.store.domain_cached(&name))?;
    let Some((booking, domain)) = booking.zip(domain) else { return Ok(None) };
    let organization_name = &organization_name(hub, &domain).await?;
    Ok(Some(CalendarFile { booking: &booking, organization_name, invitation: None }.text()))
}
