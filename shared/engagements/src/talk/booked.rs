//! How the contact of a conversation gets the calendar file of what it has booked: by a link in the message that says so,
//! and after a call by a text message with that link.

use hub_models::calendar::Booking;
use hub_models::wording::Appointment;
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
pub(super) async fn with_calendar_file(open: &Open<'_>, diary: &Diary<'_>, say: String) -> SaidOfBooking {
    let Some((booking, public_url)) = diary.booked().zip(open.public_url) else {
        return SaidOfBooking { say, note: None };
    };
    if open.engagement.channel.is_voice() {
        return SaidOfBooking { say, note: Some(text(open, public_url, &booking).await) };
    }
    match invitation_link(open.hub, public_url, &booking).await {
        Ok(link) => {
            let add = Appointment::of(booking.language).add_to_calendar(link.as_str());
            SaidOfBooking { say: format!("{say}\n{add}"), note: None }
        }
        Err(error) => SaidOfBooking { say, note: Some(not_sent(&error)) },
    }
}

/// Sends a text message with the link, and says what came of it.
async fn text(open: &Open<'_>, public_url: &Url, booking: &Booking) -> String {
    match invite_by_text(open.hub, public_url, booking).await {
        Ok(Invited::By(id)) => format!("The contact is sent its booking by {id}."),
        Ok(Invited::Not(reason)) => format!("The contact is not sent its booking: {reason}"),
        Err(error) => not_sent(&error),
    }
}

/// The booking stands, and the conversation goes on, without the link to it.
fn not_sent(error: &LinkError) -> String {
    tracing::error!(%error, "a booking is told without the link to it");
    "The contact is not sent its booking: the hub could not make the link to it.".to_owned()
}
