//! How the contact of a conversation gets the calendar file of what it has booked: by a link in the message that says so,
//! and after a call by a text message with that link.

use hub_models::calendar::Booking;
use hub_models::wording::Appointment;
use hub_store::StoreError;
use url::Url;

use super::calendar::Diary;
use super::decide::Open;
use crate::calendar::{Invited, invitation_link, invite_by_text};
use crate::email::LinkError;

/// What is said of a booking that was made.
pub(super) struct SaidOfBooking {
    /// What is said.
    pub(super) say: String,
    /// What the owner should know.
    pub(super) note: Option<String>,
}

/// Sees to it that the contact gets the calendar file of what it has booked. There is none where nothing was booked, as in
/// a test, or the hub does not know where it is reached.
pub(super) async fn with_calendar_file(
    open: &Open<'_>,
    diary: &Diary<'_>,
    say: String,
) -> Result<SaidOfBooking, StoreError> {
    let Some((booking, public_url)) = diary.booked().zip(open.public_url) else {
        return Ok(SaidOfBooking { say, note: None });
    };
    if open.engagement.channel.is_voice() {
        return Ok(SaidOfBooking { say, note: text(open, public_url, &booking).await? });
    }
    let link = invitation_link(open.hub, public_url, &booking).await;
    let add = readable(link)?.map(|link| Appointment::of(booking.language).add_to_calendar(link.as_str()));
    Ok(SaidOfBooking { say: add.map_or(say.clone(), |add| format!("{say}\n{add}")), note: None })
}

/// Sends a text message with the link, and says what came of it.
async fn text(open: &Open<'_>, public_url: &Url, booking: &Booking) -> Result<Option<String>, StoreError> {
    let Some(domain) = open.hub.store.domain_cached(&booking.domain_name).await? else { return Ok(None) };
    Ok(readable(invite_by_text(open.hub, public_url, domain, booking).await)?.map(|invited| match invited {
        Invited::By(id) => format!("The contact is sent its booking by {id}."),
        Invited::Not(reason) => format!("The contact is not sent its booking: {reason}"),
    }))
}

/// The booking stands without the link to it.
fn readable<T>(made: Result<T, LinkError>) -> Result<Option<T>, StoreError> {
    match made {
        Ok(made) => Ok(Some(made)),
        Err(LinkError::Store(error)) => Err(error),
        Err(LinkError::Secrets(error)) => {
            tracing::error!(%error, "a booking is told without the link to it");
            Ok(None)
        }
    }
}
