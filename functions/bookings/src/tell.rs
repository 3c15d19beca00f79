//! What is done and shown once a booking is made or changed.

use std::sync::Arc;

use hub_auth::Caller;
use hub_engagements::Hub;
use hub_engagements::calendar::{Invited, Occasion, invitation_link, invite, teller};
use hub_models::calendar::Booking;
use hub_models::domain::Domain;
use hub_web::{ApiError, PublicUrl, Revised};

use crate::shown::{ShownBooking, WholeBooking};

/// The booking as it is shown, with the link to its calendar file.
pub(crate) async fn whole(
    hub: &Hub,
    booking: Booking,
    invited: Option<Invited>,
    PublicUrl(public_url): PublicUrl,
) -> Result<Revised<WholeBooking>, ApiError> {
    let invitation_url = match public_url {
        Some(url) => Some(invitation_link(hub, &url, &booking).await?.to_string()),
        None => None,
    };
    let (version, teller) = (booking.version, teller(hub, &booking.domain_name).await?);
    let invitation = invited.map(Into::into);
    Ok(Revised::ok(version, WholeBooking { booking: ShownBooking::of(booking, &teller), invitation_url, invitation }))
}

/// Sends the contact an invitation, where that is asked for.
pub(crate) async fn tell(
    hub: &Hub,
    caller: &Caller,
    domain: Arc<Domain>,
    booking: &Booking,
    occasion: Option<Occasion>,
) -> Result<Option<Invited>, ApiError> {
    match occasion {
        Some(occasion) => Ok(Some(invite(hub, domain, booking, occasion, caller.is_test()).await?)),
        None => Ok(None),
    }
}
