//! A booking as a file that calendar programs read (iCalendar, RFC 5545 and 5546; checklist M6).

use hub_models::calendar::{Booking, BookingStatus};
use hub_models::contact::EmailAddress;
use hub_models::email::Mailbox;
use hub_models::moment::Moment;

/// The most bytes of a line (RFC 5545, section 3.1).
const LINE: usize = 75;

/// What a calendar program does with the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// It takes the booking in; whoever opens the file has asked for that.
    Publish,
    /// It asks whether to take the booking in, or takes over what has changed.
    Request,
    /// It takes the booking out.
    Cancel,
}

impl Method {
    /// The word for it in the file, and in the media type of the part of an email that it is in.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Publish => "PUBLISH",
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
        }
    }
}

/// A booking on its way into a calendar.
#[derive(Clone, Copy, Debug)]
pub struct CalendarFile<'a> {
    /// The booking.
    pub booking: &'a Booking,
    /// With whom it is; the summary where nobody has said what it is about.
    pub organization_name: &'a str,
    /// Who invites whom; nobody where the file is fetched by a link.
    pub invitation: Option<(&'a Mailbox, &'a EmailAddress)>,
}

impl CalendarFile<'_> {
    /// What is to be done with it: a booking that does not hold its time is taken out.
    #[must_use]
    pub fn method(&self) -> Method {
        match (self.booking.status.holds_its_time(), self.invitation) {
            (false, _) => Method::Cancel,
            (true, Some(_)) => Method::Request,
            (true, None) => Method::Publish,
        }
    }

    /// The file. The same booking always makes the same one, and a later state of it replaces the earlier.
    #[must_use]
    pub fn text(&self) -> String {
        let Self { booking, organization_name, .. } = self;
        let summary = booking.title.as_ref().map_or(*organization_name, |title| title.as_str());
        let mut lines = vec![
            "BEGIN:VCALENDAR".to_owned(),
            "VERSION:2.0".to_owned(),
            "PRODID:-//Engagement hub//Bookings//EN".to_owned(),
            "CALSCALE:GREGORIAN".to_owned(),
            format!("METHOD:{}", self.method().as_str()),
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{}@engagement-hub", booking.booking_id),
            format!("SEQUENCE:{}", booking.version.saturating_sub(1)),
            format!("DTSTAMP:{}", utc(booking.updated_at)),
            format!("CREATED:{}", utc(booking.created_at)),
            format!("LAST-MODIFIED:{}", utc(booking.updated_at)),
            format!("DTSTART:{}", utc(booking.period.starts_at())),
            format!("DTEND:{}", utc(booking.period.ends_at())),
            format!("SUMMARY:{}", escaped(summary)),
            format!("STATUS:{}", status(booking.status)),
        ];
        lines.extend(self.invited());
        lines.extend(["END:VEVENT", "END:VCALENDAR"].map(str::to_owned));
        lines.iter().map(|line| folded(line)).collect()
    }

    fn invited(&self) -> Vec<String> {
        let Some((organizer, attendee)) = self.invitation else { return Vec::new() };
        let own_name = organizer.name.as_ref().map_or(self.organization_name, |name| name.as_str());
        let name = self.booking.name.as_ref().map_or(attendee.as_str(), |name| name.as_str());
        let answer = match self.booking.status {
            BookingStatus::Booked => "NEEDS-ACTION",
            BookingStatus::Confirmed => "ACCEPTED",
            BookingStatus::Declined | BookingStatus::Cancelled => "DECLINED",
        };
        vec![
            format!("ORGANIZER;CN={}:mailto:{}", quoted(own_name), organizer.address),
            format!("ATTENDEE;CN={};ROLE=REQ-PARTICIPANT;PARTSTAT={answer}:mailto:{attendee}", quoted(name)),
        ]
    }
}

fn status(status: BookingStatus) -> &'static str {
    match status {
        BookingStatus::Booked | BookingStatus::Confirmed => "CONFIRMED",
        BookingStatus::Declined | BookingStatus::Cancelled => "CANCELLED",
    }
}

fn utc(at: Moment) -> String {
    at.timestamp().strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A text as a value (RFC 5545, section 3.3.11). It has no line breaks: a title and a name are one line each.
fn escaped(text: &str) -> String {
    let one_line = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    one_line.flat_map(|c| matches!(c, '\\' | ';' | ',').then_some('\\').into_iter().chain([c])).collect()
}

/// A text as a parameter, in quotes, which there is no way to have inside (RFC 5545, section 3.2).
fn quoted(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() || c == '"' { '\'' } else { c }).collect();
    format!("\"{plain}\"")
}

/// The line with its end, broken between characters where it is too long; what follows a break begins with a blank.
fn folded(line: &str) -> String {
    let (mut folded, mut length) = (String::with_capacity(line.len() + 2), 0);
    for c in line.chars() {
        if length + c.len_utf8() > LINE {
            folded.push_str("\r\n ");
            length = 1;
        }
        folded.push(c);
        length += c.len_utf8();
    }
    folded + "\r\n"
}

#[cfg(test)]
mod tests {
    use hub_models::calendar::Period;
    use hub_models::channel::Language;
    use hub_models::id::BookingId;
    use icalendar::{Calendar, CalendarComponent, Component};

    use super::*;

    fn booking(title: &str) -> Booking {
        let at = |text: &str| text.parse().unwrap();
        Booking {
            booking_id: BookingId::from_bytes([0xab; 12]),
            domain_name: "acme".parse().unwrap(),
            contact: "alex@example.com".parse().unwrap(),
            email: None,
            name: hub_models::text::Name::parse("Alex \"Lex\" Morgan; Jr.").unwrap(),
            language: Language::En,
            period: Period::new(at("2026-06-19T18:30:00Z"), at("2026-06-19T19:00:00Z")).unwrap(),
            status: BookingStatus::Booked,
            engagement_id: None,
            title: hub_models::calendar::Title::parse(title).unwrap(),
            notes: None,
            created_at: at("2026-06-18T14:30:00Z"),
            updated_at: at("2026-06-18T14:31:00.500Z"),
            version: 2,
            request_hash: String::new(),
        }
    }

    fn invitation(booking: &Booking) -> String {
        let (from, to) = ("Acme: Insurance <hello@acme.example>".parse().unwrap(), "alex@example.com".parse().unwrap());
        CalendarFile { booking, organization_name: "Acme", invitation: Some((&from, &to)) }.text()
    }

    #[test]
    fn an_invitation_names_the_time_and_both_sides() {
        insta::assert_snapshot!(invitation(&booking("Check-up, yearly; room 4")).replace("\r\n", "\n"));
    }

    #[test]
    fn a_booking_that_gave_up_its_time_is_taken_out() {
        for status in [BookingStatus::Cancelled, BookingStatus::Declined] {
            let file = invitation(&Booking { status, ..booking("Check-up") });
            assert!(file.contains("METHOD:CANCEL\r\n") && file.contains("STATUS:CANCELLED\r\n"), "{file}");
        }
    }

    #[test]
    fn a_file_behind_a_link_invites_nobody() {
        let booking = booking("");
        let file = CalendarFile { booking: &booking, organization_name: "Acme", invitation: None }.text();
        assert!(file.contains("METHOD:PUBLISH\r\n") && file.contains("SUMMARY:Acme\r\n"), "{file}");
        assert!(!file.contains("ATTENDEE") && !file.contains("ORGANIZER"), "{file}");
    }

    proptest::proptest! {
        #[test]
        fn another_program_reads_what_was_written(title in "[^\\p{C}\u{2028}\u{2029}]{1,120}") {
            let title = title.trim();
            proptest::prop_assume!(!title.is_empty());
            let file = invitation(&booking(title));
            proptest::prop_assert!(file.split("\r\n").all(|line| line.len() <= LINE));
            let read: Calendar = file.parse().unwrap();
            let event = read.components.iter().find_map(CalendarComponent::as_event).unwrap();
            proptest::prop_assert_eq!(event.get_summary(), Some(title));
            proptest::prop_assert_eq!(event.get_uid(), Some("bkg_abababababababababababab@engagement-hub"));
            proptest::prop_assert_eq!(event.property_value("DTSTART"), Some("20260619T183000Z"));
            let attendee = event.multi_properties().get("ATTENDEE").map(|all| all[0].value().to_owned());
            proptest::prop_assert_eq!(attendee.as_deref(), Some("mailto:alex@example.com"));
        }
    }
}
