//! Whether channel, type and a domain's setup go together (checklist D1, D2), when something is accepted for the first time
//! or again.

use hub_models::calendar::BookingStatus;
use hub_models::carrier::Carrier;
use hub_models::channel::{Channel, EngagementType};
use hub_models::domain::Domain;
use hub_models::fault::{Faults, FieldFault};
use hub_models::start::StartRequest;
use hub_models::text::ForeignId;
use hub_store::StoreError;

use crate::Hub;
use crate::email::{SET_A_SENDER, sender_of};

/// What is to go together with the setup.
pub(crate) struct Wanted<'a> {
    pub(crate) channel: Channel,
    pub(crate) engagement_type: EngagementType,
    pub(crate) booking_id: Option<&'a ForeignId>,
    pub(crate) external_user_id: Option<&'a ForeignId>,
    pub(crate) test_mode: bool,
}

impl<'a> From<&'a StartRequest> for Wanted<'a> {
    fn from(request: &'a StartRequest) -> Self {
        Self {
            channel: request.channel,
            engagement_type: request.engagement_type,
            booking_id: request.booking_id.as_ref(),
            external_user_id: request.external_user_id.as_ref(),
            test_mode: request.test_mode,
        }
    }
}

/// Everything that does not go together; nothing where it all does.
pub(crate) async fn misfits(hub: &Hub, domain: &Domain, wanted: &Wanted<'_>) -> Result<Faults, StoreError> {
    let mut faults = Faults::default();
    if let Some(fault) = channel_fault(hub, domain, wanted).await? {
        faults.push(fault);
    }
    if !wanted.channel.carries(wanted.engagement_type) {
        faults.invalid("type", "Email supports type \"informational\" only.");
    } else if let Some(fault) = type_fault(hub, domain, wanted).await? {
        faults.push(fault);
    }
    Ok(faults)
}

async fn channel_fault(hub: &Hub, domain: &Domain, wanted: &Wanted<'_>) -> Result<Option<FieldFault>, StoreError> {
    let (channel, name) = (wanted.channel, &domain.domain_name);
    if !domain.channels.contains(&channel) {
        let detail = format!("Channel {channel} is not enabled for domain \"{name}\"; have it enabled or use another.");
        return Ok(Some(FieldFault::invalid("channel", detail)));
    }
    let set_up = match channel {
        Channel::Email => sender_of(hub, domain, wanted.external_user_id).await?.is_some(),
        Channel::Phone | Channel::Sms | Channel::Wmsg | Channel::Wvoice => match &domain.carrier {
            Some(carrier) => wanted.test_mode || carrier.sender(channel).is_some(),
            None => wanted.test_mode || hub.settings.simulate_carriers,
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

async fn type_fault(hub: &Hub, domain: &Domain, wanted: &Wanted<'_>) -> Result<Option<FieldFault>, StoreError> {
    let name = &domain.domain_name;
    Ok(match (wanted.engagement_type, wanted.booking_id) {
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
