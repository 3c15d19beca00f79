//! Whether what is asked goes together with the domain's setup.

use hub_models::calendar::BookingStatus;
use hub_models::carrier::Carrier;
use hub_models::channel::{Channel, EngagementType};
use hub_models::domain::Domain;
use hub_models::fault::{Faults, FieldFault};
use hub_models::start::{Message, StartRequest};
use hub_models::text::ForeignId;
use hub_store::StoreError;

use super::StartError;
use crate::Hub;
use crate::email::{Resolved, SET_A_SENDER, resolve, sender_of};

/// Whether channel, type and setup go together (checklist D1, D2); every misfit is named. Gives the email that there is
/// to send.
pub(crate) async fn fits(
    hub: &Hub,
    domain: &Domain,
    request: &mut StartRequest,
) -> Result<Option<Resolved>, StartError> {
    let mut faults = Faults::default();
    if let Some(fault) = channel_fault(hub, domain, request).await? {
        faults.push(fault);
    }
    if !request.channel.carries(request.engagement_type) {
        faults.invalid("type", "Email supports type \"informational\" only.");
    } else if let Some(fault) = type_fault(hub, domain, request).await? {
        faults.push(fault);
    }
    let email = match email(hub, domain, request).await? {
        Ok(email) => email,
        Err(fault) => {
            faults.push(fault);
            None
        }
    };
    if faults.is_empty() { Ok(email) } else { Err(faults.into()) }
}

/// The email of a request, made from what is there.
async fn email(
    hub: &Hub,
    domain: &Domain,
    request: &mut StartRequest,
) -> Result<Result<Option<Resolved>, FieldFault>, StoreError> {
    let email = match std::mem::replace(&mut request.message, Message::Instructed) {
        Message::Email(email) => email,
        other => {
            request.message = other;
            return Ok(Ok(None));
        }
    };
    let (user, instruction) = (request.external_user_id.as_ref(), request.instruction.as_ref());
    Ok(resolve(hub, domain, user, email, instruction).await?.map(Some))
}

async fn channel_fault(hub: &Hub, domain: &Domain, request: &StartRequest) -> Result<Option<FieldFault>, StoreError> {
    let (channel, name) = (request.channel, &domain.domain_name);
    if !domain.channels.contains(&channel) {
        let detail = format!("Channel {channel} is not enabled for domain \"{name}\"; have it enabled or use another.");
        return Ok(Some(FieldFault::invalid("channel", detail)));
    }
    let set_up = match channel {
        Channel::Email => sender_of(hub, domain, request.external_user_id.as_ref()).await?.is_some(),
        Channel::Phone | Channel::Sms | Channel::Wmsg | Channel::Wvoice => match &domain.carrier {
            Some(carrier) => request.test_mode || carrier.sender(channel).is_some(),
            None => request.test_mode || hub.settings.simulate_carriers,
        },
    };
    if set_up {
        return Ok(None);
    }
    let missing = match (channel, &domain.carrier) {
        (Channel::Email, _) => SET_A_SENDER.to_owned(),
        (_, Some(_)) => format!("its carrier has no {}; have the operator set it", Carrier::setting(channel)),
        (_, None) => "no carrier is configured; use test_mode or have one set up".to_owned(),
    };
    let detail = format!("Channel {channel} is not set up for domain \"{name}\": {missing}.");
    Ok(Some(FieldFault::invalid("channel", detail)))
}

async fn type_fault(hub: &Hub, domain: &Domain, request: &StartRequest) -> Result<Option<FieldFault>, StoreError> {
    let name = &domain.domain_name;
    Ok(match (request.engagement_type, &request.booking_id) {
        (EngagementType::Confirmational, None) => {
            Some(FieldFault::invalid("booking_id", "booking_id is required when type is confirmational."))
        }
        (EngagementType::Confirmational, Some(booking)) => booking_fault(hub, domain, booking).await?,
        (EngagementType::AppointmentBooking, _) if !hub.store.has_calendar(name).await? => Some(FieldFault::invalid(
            "type",
            format!("No calendar is set up for domain \"{name}\", so nothing can be booked."),
        )),
        _ => None,
    })
}

/// What keeps a booking from being confirmed.
async fn booking_fault(hub: &Hub, domain: &Domain, id: &ForeignId) -> Result<Option<FieldFault>, StoreError> {
    let name = &domain.domain_name;
    let booking = match id.as_str().parse() {
        Ok(id) => hub.store.booking(name, id).await?,
        Err(_) => None,
    };
    let detail = match booking.map(|booking| booking.status) {
        None => format!("Booking \"{id}\" does not exist on domain \"{name}\"."),
        Some(BookingStatus::Cancelled) => {
            format!("Booking \"{id}\" is cancelled, so there is nothing to confirm; book again or use another.")
        }
        Some(BookingStatus::Booked | BookingStatus::Confirmed | BookingStatus::Declined) => return Ok(None),
    };
    Ok(Some(FieldFault::invalid("booking_id", detail)))
}
